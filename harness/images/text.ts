/** Whether bytes read like a text file: UTF-8 (cut anywhere) without control characters but white space and escape. */
export function isText(bytes: Buffer): boolean {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, 4096), { stream: true });
  return text.length > 0 && !/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]/.test(text);
}
