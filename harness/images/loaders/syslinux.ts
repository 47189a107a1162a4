import { posix } from 'node:path';
import { type LoaderEntry, withoutInitrdOption } from './entry.ts';

/**
 * The entry that isolinux.cfg or extlinux.conf starts by default; without a default that is there, the first that starts
 * a kernel. Undefined where there is none.
 * @param directory of the file, absolute: names in it are relative to it
 */
export function readSyslinuxConfig(text: string, directory: string): LoaderEntry | undefined {
  const resolve = (name: string): string => posix.resolve(directory, name);
  const labels = new Map<string, LoaderEntry>();
  let wanted: string | undefined;
  let current: LoaderEntry | undefined;
  for (const line of text.split('\n')) {
    const [, keyword = '', value = ''] = /^(\S+)\s*(.*)$/s.exec(line.trim()) ?? [];
    switch (keyword.toUpperCase()) {
      case 'DEFAULT':
      case 'ONTIMEOUT':
        wanted ??= value;
        break;
      case 'LABEL':
        current = { kernel: '', initrds: [], options: '', label: value };
        labels.set(value, current);
        break;
      case 'LINUX':
      case 'KERNEL':
        if (current !== undefined) current.kernel = resolve(value);
        break;
      case 'INITRD':
        current?.initrds.push(...value.split(',').map(resolve));
        break;
      case 'APPEND':
        if (current === undefined) break;
        current.options = withoutInitrdOption(value);
        current.initrds.push(...namedInOptions(value).map(resolve));
        break;
    }
  }
  const starts = (entry?: LoaderEntry): boolean =>
    entry !== undefined && entry.kernel !== '' && !/\.(?:c32|bin|com)$/i.test(entry.kernel);
  const first = labels.get(wanted ?? '');
  return starts(first) ? first : [...labels.values()].find(starts);
}

const namedInOptions = (options: string): string[] =>
  [...options.matchAll(/(?:^|\s)initrd=(\S+)/g)].flatMap(([, names = '']) => names.split(','));
