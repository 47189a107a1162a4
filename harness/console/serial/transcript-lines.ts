import type { Transcript } from './transcript.ts';

/** A line that stood still for so long may have been the last: what halts a machine often ends without a newline. */
const stillMilliseconds = 300;

/** What reads a console line by line. */
interface LineReader {
  /** Each line that is finished, and one that is not, once it stood still. */
  onLine(line: string): void;
  /** The line that is not finished, after each chunk: a prompt, or a part of a line. */
  onPrompt(line: string): void;
}

/** Reads a console's lines and prompts. Returns the way to stop. */
export function readLines(transcript: Transcript, reader: LineReader): () => void {
  let told = '';
  const still = setTimeout(() => {
    const { line } = transcript;
    if (line.trim() === '' || line === told) return;
    told = line;
    reader.onLine(line);
  }, stillMilliseconds);
  const stops = [
    transcript.onLine((line) => {
      if (line !== told) reader.onLine(line);
      told = '';
    }),
    transcript.onChange(() => {
      reader.onPrompt(transcript.line);
      still.refresh();
    }),
  ];
  return () => {
    clearTimeout(still);
    for (const stop of stops) stop();
  };
}
