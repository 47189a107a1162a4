import type { z } from 'zod';

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** The value at a path of a parsed JSON document; undefined where there is none. */
function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

type Issue = z.core.$ZodIssue;

/** The first issue; of what may be one of several things, the one that it was nearest to. */
function deepest([issue]: readonly Issue[]): Issue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const nearest = issue.errors
    .flatMap((issues) => deepest(issues) ?? [])
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  // Of several that are as near each says what it expected itself.
  if (nearest === undefined || nearest.path.length === 0)
    return { ...issue, message: alternatives(issue.errors) };
  return { ...nearest, path: [...issue.path, ...nearest.path] };
}

const alternatives = (errors: readonly (readonly Issue[])[]): string =>
  errors
    .map(([first]) => plain(first?.message ?? ''))
    .map((text, index) => (index === 0 ? text : text.replace(/^expected /, 'or ')))
    .join(' ');

/** zod says `Invalid input: expected string, received undefined`; what was got is told by its value. */
const plain = (message: string): string =>
  message
    .replace(/^Invalid (input|option|string): /, '')
    .replace(/, received .*$/, '')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());

/** The first thing that zod found, for a person: `sshd.user: expected string, got 5`. */
export function firstProblem(error: z.ZodError, data: unknown): string {
  const issue = deepest(error.issues);
  if (issue === undefined) return 'the top: not what was expected';
  const field = issue.path.length === 0 ? 'the top' : issue.path.join('.');
  const expected = plain(issue.message);
  if (issue.code === 'unrecognized_keys') return `${field}: ${expected}`;
  const got = valueAt(data, issue.path);
  return `${field}: ${expected}, got ${got === undefined ? 'nothing' : shorten(JSON.stringify(got) ?? `a ${typeof got}`)}`;
}
