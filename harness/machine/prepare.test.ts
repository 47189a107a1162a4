import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Image } from '../images/image.ts';
import type { Cell } from '../matrix/cell.ts';
import { prepareMachine, type PreparedMachine } from './prepare.ts';

let images: DirectoryResult;
let scratch: DirectoryResult;

beforeEach(async () => {
  [images, scratch] = await Promise.all([tmpDir({ unsafeCleanup: true }), tmpDir({ unsafeCleanup: true })]);
});

afterEach(async () => {
  await Promise.all([images.cleanup(), scratch.cleanup()]);
});

const iso = async (): Promise<Image> => {
  const path = join(images.path, 'a, b:c.iso');
  await writeFile(path, Buffer.alloc(64 * 1024, 1));
  const boots = { bios: true, uefi: [] };
  return { kind: 'iso', path, files: [path], arch: 'x86_64', volumeId: 'A', cdrom: boots, usb: boots };
};

function prepare(image: Image, medium: Cell['medium'], more: Partial<Cell> = {}): Promise<PreparedMachine> {
  const cell: Cell = {
    id: `iso.x86_64.bios.${medium}`,
    format: 'iso',
    arch: 'x86_64',
    firmware: 'bios',
    medium,
    diskBus: 'sata',
    memoryMiB: 64,
    diskMiB: 1,
    image,
  };
  return prepareMachine({ ...cell, ...more }, { scratch: scratch.path, cpus: 1, accelerator: 'tcg' });
}

test('an optical disc is the image itself', async () => {
  const image = await iso();
  const { description, notes } = await prepare(image, 'cdrom');
  expect(description.drives).toEqual([{ path: image.path, driver: 'raw', bus: 'cdrom', readOnly: true }]);
  expect(notes).toEqual([]);
  expect(await readdir(scratch.path)).toEqual([]);
});

test('a stick is an overlay that takes the writes', async () => {
  const image = await iso();
  const { description } = await prepare(image, 'usb');
  const [drive] = description.drives;
  expect(drive).toMatchObject({ bus: 'usb', readOnly: false, base: { path: image.path, driver: 'raw' } });
  const digest = async (): Promise<string> =>
    createHash('sha256')
      .update(await readFile(image.path))
      .digest('hex');
  const before = await digest();
  await execa('qemu-io', ['-f', 'qcow2', '-c', 'write -P 7 0 4096', drive?.path ?? '']);
  expect(await digest()).toBe(before);
});

test("a second disk is blank, and the platform's part in the boot is told", async () => {
  const image = await iso();
  const note = 'the platform starts its kernel';
  const { description, notes } = await prepare(image, 'disk', {
    blankDiskMiB: 64,
    externalKernel: { options: [], note },
  });
  const [, blank] = description.drives;
  expect(blank).toMatchObject({ blankMiB: 64, bus: 'sata', readOnly: false });
  const { stdout } = await execa('qemu-img', ['info', '--output=json', blank?.path ?? '']);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'qcow2', 'virtual-size': 64 << 20 });
  expect(notes).toEqual([note]);
});

test('an image that went away is told in one sentence', async () => {
  const image = { ...(await iso()), path: '/nowhere/a.iso' };
  await expect(prepare(image, 'usb')).rejects.toMatchObject({
    code: 'overlay-failed',
    message: expect.stringMatching(
      /^qemu-img could not lay an overlay over \/nowhere\/a\.iso: .*No such file or directory$/,
    ),
  });
});
