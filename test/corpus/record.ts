/**
 * `node test/corpus/record.ts [NAME…]`: makes console logs of the corpus again, each by a boot; all of them without a name.
 * What must be read in a log is in its recording and not taken from what the harness says today.
 */
import { writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { execa } from 'execa';
import { dir } from 'tmp-promise';
import { describeFailure } from '../../harness/cli/failure.ts';
import { UsageError } from '../../harness/errors.ts';
import { buildReferenceImages } from '../../reference/build.ts';
import { recordings } from './recordings/index.ts';
import type { Recording } from './recording.ts';
import { shorten } from './shorten.ts';

const corpus = new URL('console/', import.meta.url);

async function record(recording: Recording, reference: string, versions: string): Promise<void> {
  const { path: scratch, cleanup } = await dir({ prefix: 'bmc', unsafeCleanup: true });
  try {
    const { log, shortened } = shorten(await recording.record({ reference, scratch }));
    refuseTraces(log);
    const { name, what, phases, failure } = recording;
    const header = {
      source: `${what}; ${versions}${shortened ? '; shortened' : ''}`,
      again: `node test/corpus/record.ts ${name}`,
      phases,
      failure,
    };
    const lines = Object.entries(header).map(([key, value]) => `# ${key}: ${value}\n`);
    await writeFile(new URL(`${name}.log`, corpus), Buffer.concat([Buffer.from(`${lines.join('')}\n`), log]));
    console.log(`${name}: ${log.length} bytes`);
  } finally {
    await cleanup();
  }
}

/** A log is published: it says nothing about the machine on which it was made. */
function refuseTraces(log: Buffer): void {
  const trace = [tmpdir(), process.cwd(), hostname()].find((text) => text.length > 5 && log.includes(text));
  if (trace !== undefined) throw new Error(`the log names ${trace}, which is of this machine`);
}

async function versions(): Promise<string> {
  const { stdout } = await execa('qemu-system-x86_64', ['--version']);
  const [, qemu = ''] = /version (\S+)/.exec(stdout) ?? [];
  return `QEMU ${qemu}, ${new Date().toISOString().slice(0, 10)}`;
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !recordings.some((one) => one.name === name));
  if (unknown !== undefined) {
    const all = recordings.map(({ name }) => name).join(', ');
    throw new UsageError('unknown-log', `"${unknown}": expected the name of a log, one of ${all}.`);
  }
  const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
  const told = await versions();
  let failed = false;
  for (const recording of recordings) {
    if (names.length > 0 && !names.includes(recording.name)) continue;
    await record(recording, directory, told).catch((error: unknown) => {
      failed = true;
      console.error(`${recording.name}: ${describeFailure(error).text}`);
    });
  }
  process.exitCode = failed ? 1 : 0;
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, exitCode } = describeFailure(error);
  console.error(text);
  process.exitCode = exitCode;
});
