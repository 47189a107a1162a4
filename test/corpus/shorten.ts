import { runningJob } from '../../harness/console/signs/running-job.ts';

/** No log of the corpus is longer, bytes. */
const longest = 40_000;
/** Kernel messages that stay at the start, for what a kernel says first. */
const first = 20;
const kernelMessage = /^\[ *\d+\.\d+\] /;
/** Kernel messages that tell of something, wherever they are. */
const telling = /systemd|init|panic|BUG|Oops|error|fail|watchdog|rcu|blocked|memory|Command line|console/i;

/** Takes messages of a kernel that goes its way, and of waiting, out of a log that is too long, then what is in the middle. */
export function shorten(log: Buffer): { log: Buffer; shortened: boolean } {
  if (log.length <= longest) return { log, shortened: false };
  let [seen, waits] = [0, 0];
  const lines = log
    .toString('latin1')
    .split('\n')
    .filter((line) => !kernelMessage.test(line) || seen++ < first || telling.test(line))
    // Drawn again several times a second; the first ones say all.
    .filter((line) => runningJob(line) === null || waits++ < first);
  const text = lines.join('\n');
  return {
    log: Buffer.from(text.length <= longest ? text : withoutMiddle(lines), 'latin1'),
    shortened: true,
  };
}

/** As many whole lines from the start and from the end as there is room for. */
function withoutMiddle(lines: readonly string[]): string {
  const head = take(lines);
  const tail = take(lines.toReversed()).toReversed();
  return [...head, ...tail].join('\n');
}

function take(lines: readonly string[]): string[] {
  let room = longest / 2;
  return lines.slice(
    0,
    lines.findIndex((line) => (room -= line.length + 1) < 0),
  );
}
