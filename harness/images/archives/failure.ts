import { BootMatrixError, HostError } from '../../errors.ts';
import { shortageOf } from '../../shortage.ts';
import { damagedImage } from '../errors.ts';
import { programMissing } from '../host-program.ts';
import type { Compression } from '../image.ts';
import { printable } from '../../printable.ts';

interface Failure extends Error {
  code?: string;
  stderr?: unknown;
  command?: string;
}

/** What a decoder, a program of the host or the file system said, as an error of ours. */
export function explainFailure(path: string, compression: Compression | undefined, thrown: unknown): Error {
  if (thrown instanceof BootMatrixError) return thrown;
  const error: Failure = thrown instanceof Error ? thrown : new Error(String(thrown));
  const isProgram = error.command !== undefined;
  if (isProgram && error.code === 'ENOENT') return programMissing(error.command?.split(' ', 1)[0] ?? '');
  const shortage = isProgram ? null : shortageOf(error);
  if (shortage !== null && shortage.code !== 'disk-io') return shortage;
  if ('signal' in error && error.signal !== undefined && isProgram)
    return new HostError('program-killed', `${path}: ${error.message.split('\n', 1)[0]}.`, {
      transient: true,
    });
  const what = compression === undefined ? 'a whole archive' : `a whole ${compression}-compressed file`;
  return damagedImage(path, what, words(error));
}

/** Node's and the programs' own words for it, one line. */
function words({ code, message, stderr }: Failure): string {
  const said = stderr instanceof Uint8Array ? Buffer.from(stderr).toString('latin1') : '';
  const line =
    said
      .split('\n')
      .map((one) => one.trim())
      .find((one) => one !== '') ?? message;
  if (code === 'Z_BUF_ERROR' || /unexpected end|truncated|premature/i.test(line))
    return 'one that is cut off';
  return `one that cannot be read (${printable(line.replace(/^\w+: (?:\S*std\S*: |\(stdin\): )?/, ''), 120).trim()})`;
}
