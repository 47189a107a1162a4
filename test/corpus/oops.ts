import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disk } from '../defects/make/disk.ts';
import type { Make } from '../defects/make/make.ts';
import { earlyService } from '../defects/make/service.ts';

/** Where an indirect call may land, and what is none: x86's ENDBR64, and UD2 twice. */
const entry = Buffer.from([0xf3, 0x0f, 0x1e, 0xfa]);
const noInstruction = Buffer.from([0x0f, 0x0b, 0x0f, 0x0b]);

/** What xz(1) makes of this; `--check` as the kernel can read it (Documentation/staging/xz.rst). */
const xz = (args: readonly string[], input: Buffer): Buffer =>
  execFileSync('xz', ['--stdout', ...args], { input, maxBuffer: 1 << 26 });

/** Ends a signed module (kernel/module_signature.h): the length of the signature, in the last 4 of 12 bytes, and these words. */
const signed = Buffer.from('~Module signature appended~\n');

/** A module without its signature, which any kernel takes that does not insist on one; a wrong one it refuses. */
function unsigned(module: Buffer): Buffer {
  const end = module.length - signed.length;
  if (!module.subarray(end).equals(signed)) return module;
  return module.subarray(0, end - 12 - module.readUInt32BE(end - 4));
}

function breakEntries(module: Buffer): Buffer {
  const code = unsigned(xz(['--decompress'], module));
  for (let at = code.indexOf(entry); at !== -1; at = code.indexOf(entry, at + entry.length)) {
    noInstruction.copy(code, at);
  }
  return xz(['--check=crc32', '--lzma2=dict=1MiB'], code);
}

/** The reference disk, on which this module of the kernel is loaded early and crashes as it begins. */
export const oopsOf =
  (module: string): Make =>
  async (reference, scratch) => {
    const packages = await readFile(join(reference, 'packages.txt'), 'utf8');
    const [, version] = /^linux-image-(\d\S*) /m.exec(packages) ?? [];
    const path = `/usr/lib/modules/${version}/${module}`;
    return disk('qemu', {
      root: [{ path, change: breakEntries }, ...earlyService('load', [`ExecStart=/sbin/insmod ${path}`])],
    })(reference, scratch);
  };
