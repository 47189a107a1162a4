/** Ways to break the content of a file, for the edits of every file system. */

type Change = (content: Buffer) => Buffer | string;

export const append =
  (text: string): Change =>
  (content) =>
    Buffer.concat([content, Buffer.from(text)]);

/** @param share what is left of the file, 0 to 1 */
export const truncate =
  (share: number): Change =>
  (content) =>
    content.subarray(0, Math.floor(content.length * share));

/** Puts noise over the bytes from `at` on: neither zeros nor text. */
export const damage =
  (at: number, length: number): Change =>
  (content) => {
    const broken = Buffer.from(content);
    for (let index = 0; index < length; index++) broken[at + index] = (index * 151 + 89) & 0xff;
    return broken;
  };

/** @throws Error when the text is not there: a defect that changes nothing would prove nothing. */
export const replaceText =
  (text: string, by: string): Change =>
  (content) => {
    const before = content.toString('latin1');
    if (!before.includes(text)) throw new Error(`expected to find ${JSON.stringify(text)} in the file`);
    return Buffer.from(before.replaceAll(text, by), 'latin1');
  };

/** @throws Error when nothing of the file matches. */
export const replacePattern =
  (pattern: RegExp, by: string): Change =>
  (content) => {
    const before = content.toString('latin1');
    if (!pattern.test(before)) throw new Error(`expected to find ${pattern} in the file`);
    return Buffer.from(before.replace(pattern, by), 'latin1');
  };

export const become =
  (text: string): Change =>
  () =>
    text;
