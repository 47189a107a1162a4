import { type LoaderEntry, plainPath, withoutInitrdOption } from './entry.ts';
import { keyValues } from './key-values.ts';

/** An entry file of the Boot Loader Specification (type 1, UAPI.1). */
export interface BlsEntry {
  /** What it starts: a kernel, or an EFI program, which may be a unified kernel image. */
  starts: { kernel: string } | { program: string };
  initrds: string[];
  /** The kernel's command line; undefined where the entry has none. */
  options: string | undefined;
  sortKey: string | undefined;
  version: string | undefined;
  machineId: string | undefined;
  /** As it names it, e.g. `x64`; undefined: any. */
  architecture: string | undefined;
}

const kinds = new Set(['linux', 'efi', 'uki']);

/** Reads an entry file; undefined for one that starts nothing, or more than one kind of thing. */
export function readBlsEntry(text: string): BlsEntry | undefined {
  const lines = keyValues(text, ' ');
  const all = (key: string): string[] => lines.flatMap(([name, value]) => (name === key ? [value] : []));
  const last = (key: string): string | undefined => all(key).at(-1);
  const [kind, ...others] = new Set(lines.flatMap(([name]) => (kinds.has(name) ? [name] : [])));
  if (kind === undefined || others.length > 0) return undefined;
  const path = plainPath(last(kind) ?? '');
  const options = all('options');
  return {
    starts: kind === 'linux' ? { kernel: path } : { program: path },
    initrds: all('initrd').map(plainPath),
    options: options.length === 0 ? undefined : withoutInitrdOption(options.join(' ')),
    sortKey: last('sort-key'),
    version: last('version'),
    machineId: last('machine-id'),
    architecture: last('architecture'),
  };
}

/** The kernel that an entry file names; undefined where it starts something else. */
export function kernelOfBls({ starts, initrds, options = '' }: BlsEntry): LoaderEntry | undefined {
  return 'kernel' in starts ? { kernel: starts.kernel, initrds, options } : undefined;
}
