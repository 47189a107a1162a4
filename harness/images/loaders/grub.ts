import { type LoaderEntry, plainPath, withoutInitrdOption } from './entry.ts';

/** The first entry of a grub.cfg that starts a Linux kernel; undefined where there is none. Nothing is expanded but `\$`. */
export function readGrubConfig(text: string): LoaderEntry | undefined {
  let entry: LoaderEntry | undefined;
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split('\n')) {
    const [command = '', ...words] = line.trim().split(/\s+/).map(unquote);
    if (/^(?:menuentry|submenu)$/.test(command) && entry !== undefined) break;
    const [path] = words;
    if (path === undefined) continue;
    if (/^linux(?:16|efi)?$/.test(command)) {
      if (entry !== undefined) break;
      entry = {
        kernel: plainPath(path),
        initrds: [],
        options: withoutInitrdOption(words.slice(1).join(' ')),
      };
    }
    if (/^initrd(?:16|efi)?$/.test(command)) entry?.initrds.push(...words.map(plainPath));
  }
  return entry;
}

const unquote = (word: string): string => word.replace(/^(["'])(.*)\1$/, '$2').replaceAll(/\\(.)/g, '$1');
