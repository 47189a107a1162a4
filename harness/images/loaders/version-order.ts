/**
 * Compares versions as systemd-boot orders its entries by them (systemd, src/fundamental/string-util-fundamental.c,
 * strverscmp_improved): segments of digits or letters, which `~`, `-`, `^` and `.` begin, in this order from old to new.
 * @returns negative where `a` is older, positive where it is newer
 */
export function compareVersions(a = '', b = ''): number {
  const one = new Segments(a);
  const other = new Segments(b);
  for (;;) {
    one.skip(unknown);
    other.skip(unknown);
    const isOlder = both(one, other, '~');
    if (isOlder !== 0) return isOlder;
    // Of two that are the same so far the longer one is newer.
    if (one.next === '' || other.next === '') return order(one.next, other.next);
    for (const mark of ['-', '^', '.']) {
      const byMark = both(one, other, mark);
      if (byMark !== 0) return byMark;
    }
    const isNumeric = digit.test(one.next) || digit.test(other.next);
    const bySegment = isNumeric ? compareNumbers(one, other) : compareWords(one, other);
    if (bySegment !== 0) return bySegment;
  }
}

const digit = /^\d/;
const unknown = /[^\dA-Za-z~^.-]*/y;
const digits = /\d*/y;
const letters = /[A-Za-z]*/y;

/** A version, read from its beginning. */
class Segments {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The character that comes; empty at the end. */
  get next(): string {
    return this.#text[this.#at] ?? '';
  }

  /** What a sticky expression, which may match nothing, finds here; it is passed. */
  skip(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  pass(): void {
    this.#at += 1;
  }
}

const order = (a: string | number, b: string | number): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

/** Where only one has the mark, that one is older; a mark that both have is passed. */
function both(one: Segments, other: Segments, mark: string): number {
  const has = [one.next === mark, other.next === mark] as const;
  if (has[0] && has[1]) {
    one.pass();
    other.pass();
    return 0;
  }
  return Number(has[1]) - Number(has[0]);
}

/** A number is newer than none; then the larger one is. */
function compareNumbers(one: Segments, other: Segments): number {
  const [a, b] = [one.skip(digits), other.skip(digits)];
  const [bare, otherBare] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return (
    order(Number(a !== ''), Number(b !== '')) ||
    order(bare.length, otherBare.length) ||
    order(bare, otherBare)
  );
}

function compareWords(one: Segments, other: Segments): number {
  const [a, b] = [one.skip(letters), other.skip(letters)];
  const shared = Math.min(a.length, b.length);
  return order(a.slice(0, shared), b.slice(0, shared)) || order(a.length, b.length);
}
