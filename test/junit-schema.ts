import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';

const schema = fileURLToPath(new URL('schemas/jenkins-xunit.rng', import.meta.url));
/** By libxml2, which parses for GitLab, too. */
const [command, ...options] = ['xmllint', '--noout', '--relaxng', schema] as const;

/** What is wrong with the text of a JUnit file for the strictest of its readers; empty: nothing. */
export function faultOfJunit(xml: string): string {
  const { exitCode, stderr } = execaSync(command, [...options, '-'], { input: xml, reject: false });
  return exitCode === 0 ? '' : stderr || 'xmllint did not run';
}

/**
 * Reads a JUnit file as the strictest of its readers does.
 * @throws ExecaError with what is wrong with it
 */
export async function checkJunitFile(path: string): Promise<void> {
  await execa(command, [...options, path]);
}
