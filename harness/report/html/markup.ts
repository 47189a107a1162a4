import { clean } from '../terminal/clean.ts';

/** Text that is HTML already. Only `markup` makes it, and `asMarkup`, for what is our own. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | false | null | undefined | readonly Part[];

/**
 * HTML from a template. What is put in is text, a guest's for all we know: made harmless and escaped, in elements and in
 * quoted attributes alike. Markup stays what it is, lists are joined, and `false`, `null` and `undefined` are nothing.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const own = withoutIndent(strings);
  let text = own[0] ?? '';
  for (const [index, part] of parts.entries()) text += render(part) + (own[index + 1] ?? '');
  return new Markup(text);
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Five hundred cells' indentation is a megabyte that nobody reads. */
function withoutIndent(strings: TemplateStringsArray): readonly string[] {
  const found = known.get(strings) ?? strings.map((text) => text.replace(/\n\s+/g, '\n'));
  known.set(strings, found);
  return found;
}

function render(part: Part): string {
  if (part === false || part === null || part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return escape(clean(String(part)));
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

/** Takes text of our own for HTML. */
export const asMarkup = (text: string): Markup => new Markup(text);
