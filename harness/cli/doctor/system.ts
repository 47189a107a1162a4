import { readFile } from 'node:fs/promises';
import { type System, systems } from './finding.ts';

/** The systems that are like another one, by the words of os-release(5). */
const kin: Readonly<Record<string, System>> = { ubuntu: 'debian', rhel: 'fedora', centos: 'fedora' };

/** Which of the systems this is; undefined where it is none of them. */
export async function thisSystem(): Promise<System | undefined> {
  if (process.platform === 'darwin') return 'macos';
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const words = [...text.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, value = '']) =>
    value.split(' '),
  );
  return words.map((word) => kin[word] ?? systems.find((name) => name === word)).find(Boolean);
}
