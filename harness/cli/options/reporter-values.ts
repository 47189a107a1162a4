import { resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import {
  type PictureMode,
  type ReporterChoice,
  isFileReport,
  pictureModes,
  reporterNames,
} from '../../report/choice.ts';

const fileReports = reporterNames.filter(isFileReport);

/** Reads `--reporter NAME[=FILE]`, and adds it to those before. */
export function parseReporter(text: string, before: ReporterChoice[] = []): ReporterChoice[] {
  const [word = '', ...rest] = text.split('=');
  const file = rest.join('=');
  const name = reporterNames.find((one) => one === word);
  if (name === undefined) {
    throw new UsageError(
      'bad-reporter',
      `--reporter takes one of ${reporterNames.join(', ')}; got '${text}'.`,
    );
  }
  if (rest.length === 0) return [...before, { name }];
  if (file === '' || !isFileReport(name)) {
    throw new UsageError(
      'bad-reporter',
      `--reporter takes a file after one of ${fileReports.join(', ')}, e.g. junit=out.xml; got '${text}'.`,
    );
  }
  return [...before, { name, file: resolve(file) }];
}

/** Reads `--html`. */
export function parsePictures(text: string): PictureMode {
  const known = pictureModes.find((mode) => mode === text);
  if (known !== undefined) return known;
  throw new UsageError('bad-html', `--html takes one of ${pictureModes.join(', ')}; got '${text}'.`);
}

/** The same as the command line says it. */
export const reporterArguments = ({
  reporters,
  pictures,
}: {
  reporters: readonly ReporterChoice[];
  pictures: PictureMode;
}): string[] => [
  ...reporters.flatMap(({ name, file }) => ['--reporter', file === undefined ? name : `${name}=${file}`]),
  ...(pictures === 'linked' ? [] : ['--html', pictures]),
];
