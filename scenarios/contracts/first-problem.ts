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

/** The first thing that zod found, for a person: `sshd.user: expected string, got 5`. */
export function firstProblem(error: z.ZodError, data: unknown): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'the top: not a contract';
  const field = issue.path.length === 0 ? 'the top' : issue.path.join('.');
  // zod says `Invalid input: expected string, received undefined`; what was got is told below, by its value.
  const expected = issue.message
    .replace(/^Invalid (input|option|string): /, '')
    .replace(/, received .*$/, '')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  if (issue.code === 'unrecognized_keys') return `${field}: ${expected}`;
  const got = valueAt(data, issue.path);
  return `${field}: ${expected}, got ${got === undefined ? 'nothing' : shorten(JSON.stringify(got))}`;
}
