import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { onPath } from '../harness/machine/process/on-path.ts';
import { quote } from '../harness/shell-quote.ts';

/**
 * Puts QEMUs into a directory that run a machine by a shell script of ours. What only asks for their version, or proves
 * the accelerator, has no guest's name and meets the real ones.
 * @param script ends by running the QEMU that it is given, quoted for the shell, with the arguments `"$@"`.
 * @returns PATH with that directory in front
 */
export async function wrapQemu(directory: string, script: (qemu: string) => string): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const name of ['qemu-system-x86_64', 'qemu-system-aarch64']) {
    const path = await onPath(name);
    if (path === null) continue;
    const qemu = quote(path);
    const text = `#!/bin/sh\ncase "$*" in *guest=*) ;; *) exec ${qemu} "$@" ;; esac\n${script(qemu)}\n`;
    await writeFile(join(directory, name), text, { mode: 0o755 });
  }
  return [directory, process.env['PATH']].join(delimiter);
}
