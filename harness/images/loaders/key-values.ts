/**
 * The lines of a file of settings as systemd-boot reads them (systemd, src/boot/efi-string.c, line_get_key_value): a key, a
 * separator, a value that may stand in quotes; comments begin with `#`.
 * @param separator `' '` for space and tab, else the one character
 */
export function keyValues(text: string, separator: ' ' | '='): [key: string, value: string][] {
  const first = separator === ' ' ? /[ \t]/ : /[=]/;
  const rest = separator === ' ' ? /^[ \t]+/ : /^=+/;
  return text.split(/[\n\r]/).flatMap((whole) => {
    const line = whole.replace(/^[ \t]+/, '').trimEnd();
    const at = line.search(first);
    if (at === -1 || line.startsWith('#')) return [];
    const value = line.slice(at).replace(rest, '');
    return [[line.slice(0, at), unquote(value)]];
  });
}

const unquote = (value: string): string => /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;
