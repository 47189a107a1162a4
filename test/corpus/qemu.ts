import { execa } from 'execa';

export interface Boot {
  /** @default qemu-system-x86_64 */
  qemu?: string;
  args: readonly string[];
  /** The boot is over when this was printed and the console has been silent for a while; or when QEMU has ended. */
  until: RegExp;
  /** The machine may start again; else it ends there. @default false */
  reboots?: boolean;
  /** The host takes the processor away for so long once this was printed. */
  pause?: { after: RegExp; seconds: number };
}

/** How long a console must be silent after `until`. Milliseconds. */
const silence = 3000;
/** Only ends a boot that never says what it is waited for. Milliseconds. */
const longest = 200_000;

/**
 * Boots a machine by hand and takes down what it says on its first serial port.
 * @throws Error when `until` was never printed: the recording is not of what it says.
 */
export async function bootLog({
  qemu = 'qemu-system-x86_64',
  args,
  until,
  reboots = false,
  pause,
}: Boot): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let text = '';
  let quiet: NodeJS.Timeout | undefined;
  let paused = false;
  const subprocess = execa(
    qemu,
    ['-display', 'none', '-serial', 'stdio', '-monitor', 'none', ...(reboots ? [] : ['-no-reboot']), ...args],
    { encoding: 'buffer', buffer: false, reject: false, stdin: 'pipe', timeout: longest },
  );
  subprocess.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    text = (text + chunk.toString('latin1')).slice(-20_000);
    if (pause !== undefined && !paused && pause.after.test(text)) {
      paused = true;
      subprocess.kill('SIGSTOP');
      setTimeout(() => subprocess.kill('SIGCONT'), pause.seconds * 1000);
    }
    clearTimeout(quiet);
    if (until.test(text)) quiet = setTimeout(() => subprocess.kill('SIGKILL'), silence);
  });
  const { stderr } = await subprocess;
  clearTimeout(quiet);
  if (!until.test(text)) {
    throw new Error(
      `expected ${until} on the console, got ${JSON.stringify(text.slice(-500))} ${String(stderr)}`,
    );
  }
  return Buffer.concat(chunks);
}
