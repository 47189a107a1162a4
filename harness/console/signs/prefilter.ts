/**
 * One quick test for many patterns, since nearly every line is harmless: those that stand at the beginning, which an
 * engine can give up at once, apart from those that may stand anywhere, and exact ones apart from those that ignore case.
 */
export function anyOf(patterns: readonly RegExp[]): (text: string) => boolean {
  const groups = new Map<string, RegExp[]>();
  for (const pattern of patterns) {
    const key = `${pattern.source.startsWith('^')} ${pattern.flags}`;
    groups.set(key, [...(groups.get(key) ?? []), pattern]);
  }
  const united = [...groups.values()].map(
    (group) => new RegExp(group.map(({ source }) => `(?:${source})`).join('|'), group[0]?.flags),
  );
  return (text) => united.some((pattern) => pattern.test(text));
}
