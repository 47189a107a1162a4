/**
 * A pattern of systemd-boot for the whole of a text (systemd, src/boot/efi-string.c, efi_fnmatch): `*`, `?`, sets with
 * ranges, and `\` in front of what means itself. What a star has found is kept, so it costs linear time.
 */
export function fitsPattern(text: string, pattern: string): boolean {
  const pieces = piecesOf(pattern);
  if (pieces === undefined) return false;
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  const between = rest.map((piece, index) => `(?=(.*?${piece}))\\${index + 1}`).join('');
  const end = last === undefined ? '' : `.*${last}`;
  return new RegExp(`^${first}${between}${end}$`, 's').test(text);
}

/** What stands between the stars, as regular expressions; undefined for a pattern that fits nothing. */
function piecesOf(pattern: string): string[] | undefined {
  const pieces = [''];
  const add = (piece: string): void => {
    pieces.push((pieces.pop() ?? '') + piece);
  };
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    if (character === '*') pieces.push('');
    else if (character === '?') add('.');
    else if (character === '\\') {
      at += 1;
      if (at === pattern.length) return undefined;
      add(literal(pattern[at] ?? ''));
    } else if (character === '[') {
      // A bracket that comes first is one of the set.
      const [whole, inside] = /^\[((?:\\.|[^\\])(?:\\.|[^\\\]])*)\]/s.exec(pattern.slice(at)) ?? [];
      if (whole === undefined || inside === undefined) return undefined;
      at += whole.length - 1;
      add(setOf(inside));
    } else add(literal(character));
  }
  return pieces;
}

/** Ranges are no chain: `a-c-f` is `a-c`, `-` and `f`; a hyphen at either end means itself. */
function setOf(inside: string): string {
  const members = inside.match(/\\?.-\\?.|\\?./gs) ?? [];
  const alternatives = members.map((member) => {
    const [, low, high] = /^\\?(.)-\\?(.)$/s.exec(member) ?? [];
    if (low === undefined || high === undefined) return literal(member.replace(/^\\/, ''));
    return low <= high ? `[${literal(low)}-${literal(high)}]` : '(?!)';
  });
  return `(?:${alternatives.join('|')})`;
}

const literal = (character: string): string => character.replace(/[^\w]/s, String.raw`\$&`);
