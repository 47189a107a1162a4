/** The last thing that a program said. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
