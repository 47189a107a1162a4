/**
 * Speaks as QEMU's guest agent on stdio, one JSON object a line: `node agent.ts [BEHAVIOUR]`. What it is told to do:
 * `refuses` to run commands, is `silent`, says `nonsense` before each answer, `truncates` output, writes `newlines` without
 * end, answers in lists `nested` without end.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Question {
  execute: string;
  arguments: { id?: number; pid?: number; path?: string; arg?: string[]; 'input-data'?: string };
}
interface Job {
  exited: boolean;
  exitcode?: number;
  signal?: number;
  'out-data'?: string;
  'out-truncated'?: boolean;
}

const behaviour = process.argv[2];
if (behaviour === 'newlines') process.stdout.write('\n'.repeat(1 << 20));

const jobs = new Map<number, Job>();

const say = (answer: object): void => {
  if (behaviour === 'newlines') process.stdout.write('\n'.repeat(1 << 20));
  if (behaviour === 'nonsense') process.stdout.write('{"return": \n[]\n{"event": 1}\n\xff\n');
  process.stdout.write(`${JSON.stringify(answer)}\n`);
};

function start({ path = '', arg = [], 'input-data': input = '' }: Question['arguments']): number {
  const child = spawn(path, arg, { stdio: ['pipe', 'pipe', 'ignore'] });
  const job: Job = { exited: false };
  const output: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => output.push(data));
  child.stdin.end(Buffer.from(input, 'base64'));
  child.on('close', (code) => {
    const all = Buffer.concat(output);
    Object.assign(job, code === null ? { signal: 9 } : { exitcode: code }, {
      exited: true,
      // As the agent does: nothing is said of what is not there.
      ...(all.length === 0 ? {} : { 'out-data': all.toString('base64') }),
      ...(behaviour === 'truncates' ? { 'out-truncated': true } : {}),
    });
  });
  const pid = child.pid ?? 0;
  jobs.set(pid, job);
  return pid;
}

function answerTo({ execute, arguments: args }: Question): object {
  switch (execute) {
    case 'guest-sync-delimited':
      process.stdout.write(Buffer.of(0xff));
      return { return: args.id };
    case 'guest-exec':
      if (behaviour === 'nested') {
        process.stdout.write(`{"return":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`);
      }
      return behaviour === 'refuses'
        ? { error: { class: 'CommandNotFound', desc: 'Command guest-exec has been disabled' } }
        : { return: { pid: start(args) } };
    case 'guest-exec-status':
      return { return: jobs.get(args.pid ?? 0) };
    default:
      return { error: { class: 'CommandNotFound', desc: `The command ${execute} has not been found` } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (behaviour === 'silent') continue;
  say(answerTo(JSON.parse(line.replace(/^[^{]*/, '')) as Question));
}
