import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeHaltingDisk } from '../../../test/boot-sector.ts';
import { scratchDirectory } from '../../../test/scratch.ts';
import type { MachineDescription } from '../../machine/board/description.ts';
import { prepareMachine } from '../../machine/prepare.ts';
import { startMachine } from '../../machine/start.ts';
import type { DiskImage } from '../../images/image.ts';
import { keepRegisters } from './registers.ts';

/** What the report is told of the registers, once the machine said so on serial. */
async function registersAfter(
  said: string,
  description: MachineDescription,
  directory: string,
): Promise<string> {
  const machine = await startMachine(description);
  try {
    const heard = Promise.withResolvers<void>();
    let text = '';
    machine.onSerial((data) => {
      text += Buffer.from(data).toString('latin1');
      if (text.includes(said)) heard.resolve();
    });
    await heard.promise;
    let told = '';
    await keepRegisters(machine, {
      path: (file) => join(directory, file),
      attach: (name, file, { shows = '' } = {}) => {
        told = `${name}, ${file}: ${shows}`;
      },
    });
    return told;
  } finally {
    await machine.stop();
  }
}

test.each([
  ['x86_64', 'bios', 'GRUB loading.', /^registers, registers.txt: at [0-9a-f]{8}.*halted/],
  ['aarch64', 'uefi', 'failed to load Boot0001', /^registers, registers.txt: at [0-9a-f]{16}/],
] as const)('%s: what its processor does is kept for the report', async (arch, firmware, said, told) => {
  const scratch = await scratchDirectory();
  const path = join(scratch, 'disk.img');
  await writeHaltingDisk(path);
  const image: DiskImage = {
    kind: 'disk',
    path,
    files: [path],
    arch,
    driver: 'raw',
    virtualSize: 2 ** 20,
    table: 'mbr',
    boots: { bios: true, uefi: [] },
  };
  const directory = join(scratch, 'machine');
  await mkdir(directory);
  const cell = {
    id: 'raw',
    format: 'raw',
    arch,
    firmware,
    medium: 'disk',
    diskBus: 'sata',
    memoryMiB: 256,
    diskMiB: 1,
    image,
  } as const;
  const { description } = await prepareMachine(cell, { scratch: directory, cpus: 1, accelerator: 'tcg' });
  expect(await registersAfter(said, description, scratch)).toMatch(told);
  const kept = await readFile(join(scratch, 'registers.txt'), 'utf8');
  expect(kept.match(/CPU#0/g)).toHaveLength(8);
  // The stack.
  expect(kept).toMatch(/^[0-9a-f]+: 0x[0-9a-f]{16} 0x[0-9a-f]{16}/m);
});
