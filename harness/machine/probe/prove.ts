import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as tmpDir } from 'tmp-promise';
import { z } from 'zod';
import type { Arch } from '../../images/image.ts';
import { processCpuSeconds } from '../process/cpu-time.ts';
import type { AcceleratorName } from '../board/description.ts';
import { cpuModel, machineTypes, optionValue } from '../board/hardware.ts';
import { startOnTerminal } from '../process/terminal.ts';
import { guestCode } from './guests.ts';

/** What came of booting the probe's guest: the seconds of its calibration, or why there are none. */
export const proof = z.union([z.object({ seconds: z.number() }), z.object({ failure: z.string() })]);
export type Proof = z.infer<typeof proof>;

/** A disk of one sector is none to SeaBIOS. */
const diskBytes = 1024 * 1024;

/** What the guest says when the processor is where Linux would run, and when the calibration is done. */
const reached = 'L';
const done = 'D';

/**
 * Boots a tiny guest (`x86_64.s`, `aarch64.s`) and times its calibration.
 * @param options.limitSeconds what the whole boot may take; a usable accelerator needs a fraction of a second.
 * @param options.scratch where its files go.
 */
export async function prove(
  arch: Arch,
  accelerator: AcceleratorName,
  binary: string,
  options: { limitSeconds: number; scratch: string },
): Promise<Proof> {
  const { limitSeconds } = options;
  const scratch = await tmpDir({ prefix: 'probe', tmpdir: options.scratch, unsafeCleanup: true });
  try {
    const guest = join(scratch.path, 'guest');
    await writeFile(guest, guestCode(arch));
    if (arch === 'x86_64') await truncate(guest, diskBytes);
    const stderr = join(scratch.path, 'stderr');
    const seen = await bootGuest(binary, probeArgs(arch, accelerator, guest), stderr, limitSeconds);
    if (seen.seconds !== undefined) return { seconds: seen.seconds };
    const said = (await readFile(stderr, 'utf8').catch(() => '')).trim().split('\n').at(-1);
    return { failure: describeFailure(arch, seen, limitSeconds, said) };
  } finally {
    await scratch.cleanup();
  }
}

function probeArgs(arch: Arch, accelerator: AcceleratorName, guest: string): string[] {
  const file = optionValue(guest);
  const medium =
    arch === 'x86_64'
      ? [
          ['-blockdev', `node-name=guest,driver=raw,file.driver=file,file.filename=${file}`],
          ['-device', 'ide-hd,bus=ide.0,drive=guest,bootindex=1'],
        ]
      : [['-kernel', guest]];
  return [
    ['-nodefaults', '-no-user-config', '-display', 'none'],
    ['-machine', machineTypes[arch], '-accel', accelerator, '-cpu', cpuModel(arch, accelerator), '-m', '64M'],
    ['-chardev', 'stdio,id=serial,signal=off', '-serial', 'chardev:serial'],
    ...medium,
  ].flat();
}

interface Seen {
  text: string;
  /** Of the calibration, once it is done. */
  seconds?: number;
  /** QEMU ended by itself. */
  ended: boolean;
}

/** Runs QEMU until its guest is done, it ends, or time is up; then there is no QEMU any more. */
async function bootGuest(
  binary: string,
  args: string[],
  stderr: string,
  limitSeconds: number,
): Promise<Seen> {
  const qemu = startOnTerminal(binary, args, { stderr });
  // CPU time where the host tells it: the other probes run beside this one.
  const now = (): number => processCpuSeconds(qemu.pid) ?? performance.now() / 1000;
  const seen: Seen = { text: '', ended: false };
  let timer: NodeJS.Timeout | undefined;
  let start = 0;
  await Promise.race([
    new Promise<void>((resolve) => {
      qemu.onData((data) => {
        const text = Buffer.from(data).toString('latin1');
        if (text.includes(reached)) start = now();
        seen.text += text;
        if (!seen.text.includes(done)) return;
        seen.seconds = now() - start;
        resolve();
      });
      timer = setTimeout(resolve, limitSeconds * 1000);
    }),
    qemu.exited.then(() => {
      seen.ended = true;
    }),
  ]);
  clearTimeout(timer);
  const outcome = { ...seen };
  qemu.kill('SIGKILL');
  await qemu.exited;
  return outcome;
}

function describeFailure(arch: Arch, { text, ended }: Seen, limitSeconds: number, said = ''): string {
  const mode = arch === 'x86_64' ? 'long mode' : 'EL1';
  const where = text.includes(reached) ? `reached ${mode} and got no further` : `did not reach ${mode}`;
  const how = ended ? `when QEMU ended` : `within ${limitSeconds} s`;
  return `its test guest ${where} ${how}${ended && said !== '' ? ` (${said})` : ''}`;
}
