import { type LoaderEntry, plainPath, withoutInitrdOption } from './entry.ts';

/** An entry file of the Boot Loader Specification (type 1); undefined for one that starts no Linux kernel. */
export function readBlsEntry(text: string): LoaderEntry | undefined {
  const values = (key: string): string[] =>
    text.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^(\S+)\s+(.*)$/s.exec(line.trimEnd()) ?? [];
      return name === key ? [value] : [];
    });
  const [kernel] = values('linux');
  if (kernel === undefined) return undefined;
  return {
    kernel: plainPath(kernel),
    initrds: values('initrd').map(plainPath),
    options: withoutInitrdOption(values('options').join(' ')),
  };
}

/**
 * Which entry systemd-boot starts: the last by version among those that `default` of loader.conf fits, else of all.
 * @param names of the files in loader/entries
 */
export function defaultBlsEntry(names: readonly string[], loaderConf: string): string | undefined {
  const entries = names.filter((name) => name.endsWith('.conf'));
  const pattern = /^default\s+(\S+)/m.exec(loaderConf)?.[1];
  const fitting = entries.filter((name) => pattern !== undefined && fits(name, pattern));
  const byVersion = new Intl.Collator('en', { numeric: true }).compare;
  return (fitting.length > 0 ? fitting : entries).toSorted(byVersion).at(-1);
}

/** glob(7) as far as it has `*` and `?`; the suffix may be left out. What a star has found is kept: it costs linear time. */
function fits(name: string, glob: string): boolean {
  const pieces = glob
    .split('*')
    .map((piece) => piece.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  const between = rest.map((piece, index) => `(?=(.*?${piece}))\\${index + 1}`).join('');
  const end = last === undefined ? '' : `.*${last}`;
  return new RegExp(`^${first}${between}${end}(?:\\.conf)?$`).test(name);
}
