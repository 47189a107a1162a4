import { execFileSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Summary, type World, makeWorld, readSummary, startCli, untilNothingIsLeft } from './cli.ts';
import { checkJunitFile } from './junit-schema.ts';
import { referenceChecks } from './reference-checks.ts';

const speaking = [
  'iso-installer.x86_64.bios.cdrom',
  'iso-installer.x86_64.bios.usb',
  'iso-installer.x86_64.uefi.cdrom',
  'iso-installer.x86_64.uefi.usb',
  'netboot.x86_64.bios.pxe',
  'netboot.x86_64.uefi.pxe',
  'qemu-efi.aarch64.uefi.disk',
  'qemu-efi.x86_64.uefi.disk',
  'qemu.x86_64.bios.disk',
];
/** Their twins, whose boot menus never name the serial port. */
const silent = speaking.map((id) => `${id}.silent`);
const cells = [...speaking, ...silent].toSorted();

describe('the main job: the reference matrix', () => {
  let world: World;
  let run: { exitCode?: number | undefined };
  let summary: Summary;

  beforeAll(async () => {
    world = await makeWorld({ ownCache: false });
    run = await startCli(world, [], { stdout: 'inherit', stderr: 'inherit' });
    summary = await readSummary(world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('exit code 0: every cell passed every check', () => {
    const told = summary.cells.map(({ id, verdict, reason, checks }) => ({
      id,
      verdict,
      reason,
      passed: checks
        .filter((check) => check.verdict === 'passed')
        .map(({ name }) => name)
        .toSorted(),
    }));
    expect(told).toEqual(cells.map((id) => ({ id, verdict: 'passed', reason: '', passed: referenceChecks })));
    expect(run.exitCode).toBe(0);
  });

  test('the ways in: serial where the image speaks there, another where it is silent', () => {
    const access = Object.fromEntries(summary.cells.map((cell) => [cell.id, cell.access]));
    for (const id of speaking) expect(access[id], id).toBe('serial');
    for (const id of silent) expect(['ssh', 'keyboard'], id).toContain(access[id]);
  });

  test('the images are the bytes that they were', () => {
    expect(summary.digests.length).toBeGreaterThan(0);
    for (const { path, before, after } of summary.digests) {
      expect(before, path).toMatch(/^[0-9a-f]{64}$/);
      expect(after, path).toBe(before);
    }
  });

  test('the accelerator and why it was chosen are in the summary', () => {
    for (const arch of ['x86_64', 'aarch64']) {
      expect(summary.accelerator[arch]?.name).toMatch(/^(kvm|hvf|tcg)$/);
      expect(summary.accelerator[arch]?.reason).not.toBe('');
    }
  });

  test('junit.xml is well-formed, with one suite a cell and nothing but passes', async () => {
    const junit = join(world.out, 'junit.xml');
    await checkJunitFile(junit);
    const xpath = async (path: string): Promise<string> =>
      (await execa('xmllint', ['--xpath', path, junit])).stdout;
    const across = '@name="across formats"';
    // Where the same matrix ran here before, its boots are told of, too.
    const beside = '@name="beside earlier boots"';
    expect(await xpath(`count(//testsuite[not(${across} or ${beside})])`)).toBe(String(cells.length));
    const cases = cells.length * (referenceChecks.length + 1);
    expect(await xpath(`count(//testsuite[not(${across} or ${beside})]/testcase)`)).toBe(String(cases));
    expect(await xpath(`count(//testsuite[${across}])`)).toBe('1');
    expect(await xpath('count(//failure|//error|//skipped)')).toBe('0');
  });

  test.each(cells)('%s: serial log, screenshot and qemu.sh are in the report', async (cell) => {
    const directory = join(world.out, 'cells', cell);
    const size = async (file: string): Promise<number> => (await stat(join(directory, file))).size;
    for (const file of ['screen.png', 'qemu.sh']) expect(await size(file), file).toBeGreaterThan(100);
    // A guest that is silent under SeaBIOS, which is silent there too, leaves an empty log.
    expect(await size('serial.log')).toBeGreaterThan(silent.includes(cell) ? -1 : 100);
    execFileSync('sh', ['-n', join(directory, 'qemu.sh')]);
  });

  test('no process and no scratch file is left', async () => {
    await untilNothingIsLeft(world);
  });
});
