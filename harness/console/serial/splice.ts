/**
 * What begins in the middle of a line only because it tore that line: the kernel prints a message whole, wherever a
 * program's output to the same port was, and systemd its lines after a prompt. Each alternative is bounded, so that a
 * search is linear.
 */
const message = new RegExp(
  [
    // Linux kernel/printk, with time stamps and, from CONFIG_PRINTK_CALLER, who it was; not in a log that quotes it.
    String.raw`(?<!\bkernel: )\[ {0,4}\d{1,7}\.\d{6}\](?:\[ {0,5}[CT]\d{1,7}\])? `,
    // systemd src/shared/show-status.c, src/core/job.c; `Starting x: [  OK  ]` of older systems ends there.
    String.raw`\[(?: {2}OK {2}|FAILED|DEPEND|ASSERT|UNSUPP|FROZEN|CONCUR| TIME | INFO | SKIP | WARN | ONCE | {2}!! {2}|!!!!!!)\] (?=\S)`,
    // The same of a job that takes long, src/core/manager.c.
    String.raw`\[[ *]{6}\] (?=(?:\(\d{1,7} of \d{1,7}\) )?(?:A [a-z-]{3,15} job is|Job \S))`,
    String.raw` {9}(?=(?:Activat|Deactivat|Mount|Reload|Start|Stopp|Unmount)ing )`,
    // systemd src/basic/log.c on the console: without a prompt before it, this is a line of a log.
    String.raw`(?<=(?:[$#]|\b[Ll]ogin:|\b[Pp]assword:) ?)systemd(?:-\w{1,24})?\[\d{1,7}\]: `,
  ].join('|'),
  'g',
);

/** The first message of a kernel: what stood on the line belongs to what ran before. */
const boot = /^\[ +0\.0{6}\]/;

/** Where the message begins that tore this line; -1 where none did. A line that is a message was not torn. */
export function findSplice(line: string): number {
  message.lastIndex = 0;
  return message.exec(line)?.index ?? -1;
}

/** Whether nothing that was printed before this message goes on after it. */
export const beginsBoot = (text: string): boolean => boot.test(text);
