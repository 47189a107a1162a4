/** Text out of an image or a guest, fit for a message: control characters and what is not ASCII become `?`; bounded. */
export function printable(text: string, maxLength = 120): string {
  return text.slice(0, maxLength).replace(/[^\x20-\x7e]/g, '?');
}
