/** What a person reads of a reason in a line, a table or JUnit; characters. */
const longest = 300;

/**
 * A reason as one line that a person reads: whatever a guest printed into it, the rest is evidence.
 * @returns `whole` where something was left out
 */
export function shortReason(text: string): { reason: string; whole?: string } {
  const line = text.trim().replaceAll(/\s*[\r\n]+\s*/g, ' ');
  if (line.length <= longest) return { reason: line };
  const kept = line.slice(0, longest - 1);
  // Whole problems, where several stand beside each other.
  const end = kept.lastIndexOf('; ');
  return { reason: `${end === -1 ? kept : kept.slice(0, end + 2)}…`, whole: text.trim() };
}
