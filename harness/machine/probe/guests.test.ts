import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Arch } from '../../images/image.ts';
import { assemble, assembler } from './assemble.ts';
import { guestCode } from './guests.ts';

test('the boot sector is one', () => {
  const sector = guestCode('x86_64');
  expect(sector.length).toBe(512);
  expect(sector.readUInt16LE(510)).toBe(0xaa55);
});

// Hosts without an assembler have nothing to compare with: the code is kept for just such hosts.
const hasAssembler = async (arch: Arch): Promise<boolean> =>
  !(await execa(assembler(arch), ['--version'], { reject: false })).failed;

for (const arch of ['x86_64', 'aarch64'] as const) {
  test.runIf(await hasAssembler(arch))(`the code for ${arch} is what its source says`, async () => {
    expect(guestCode(arch).equals(await assemble(arch))).toBe(true);
  });
}
