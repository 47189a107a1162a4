import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory } from '../../../test/images.ts';
import { checkIpxe, hasAddresses } from './ipxe.ts';
import type { Release } from './release.ts';

async function releaseOf(...scripts: string[]): Promise<Release> {
  const root = await directory();
  const images = scripts.map((_, index) => ({
    kind: 'netboot' as const,
    path: root,
    files: [],
    arch: 'x86_64' as const,
    kernel: '',
    initrd: '',
    initrdSize: 1,
    script: join(root, `${index}.ipxe`),
  }));
  for (const [index, text] of scripts.entries()) await writeFile(join(root, `${index}.ipxe`), text);
  return { directory: root, images, lists: [], files: [], isWhole: true };
}

const at = 'https://example.org/o/r/releases/download';
/** As nixpkgs writes it, with the addresses that a release puts in. */
const script = (kernel: string, initrd: string, name = 'initrd'): string =>
  `#!ipxe\n# Use the cmdline variable\nkernel ${kernel} init=/nix/store/x/init initrd=${name} \${cmdline}\ninitrd ${initrd}\nboot\n`;
const good = script(`${at}/v1/bzImage`, `${at}/v1/initrd`);

const faults = async (scripts: string[], tag?: string): Promise<string[]> => {
  const { faults: all } = await checkIpxe(await releaseOf(...scripts), tag);
  return all.map(({ action, expected, got }) => `${action}: ${expected} / ${got}`);
};

test('only a script with addresses was made to be published', async () => {
  expect(await hasAddresses(await releaseOf(script('bzImage', 'initrd')))).toBe(false);
  expect(await hasAddresses(await releaseOf(good))).toBe(true);
});

test('nothing is wrong with one release, by its own addresses or by settings', async () => {
  expect(await faults([good], 'v1')).toEqual([]);
  const set = good.replaceAll(`${at}/v1/`, '${base}').replace('kernel', `set base ${at}/v1/\nkernel`);
  expect(await faults([good, set], 'v1')).toEqual([]);
  expect(await checkIpxe(await releaseOf(good))).toMatchObject({
    told: [`0.ipxe: ${at}/v1/bzImage`, `0.ipxe: ${at}/v1/initrd`],
  });
});

test('another server may be a mirror', async () => {
  expect(await faults([good.replace('boot\n', `boot || kernel https://mirror/bzImage\n`)])).toEqual([]);
});

test('the tag', async () => {
  expect(await faults([good], 'v2')).toEqual([
    `0.ipxe: an address of the release v2 / ${at}/v1/bzImage`,
    `0.ipxe: an address of the release v2 / ${at}/v1/initrd`,
  ]);
});

test('kernel and initrd of two releases, in one script or in two', async () => {
  const other = `addresses below ${at}/v1/ only, as in 0.ipxe / ${at}/v2/`;
  expect(await faults([script(`${at}/v1/bzImage`, `${at}/v2/initrd`)])).toEqual([`0.ipxe: ${other}`]);
  expect(await faults([good, good.replaceAll('v1', 'v2')])).toEqual([`1.ipxe: ${other}`]);
});

test('an initrd that was left without an address', async () => {
  expect(await faults([script(`${at}/v1/bzImage`, 'initrd')])).toEqual([
    `0.ipxe: the address of initrd too, as ${at}/v1/bzImage has one / initrd`,
  ]);
});

test('an initrd by another name than the kernel is told', async () => {
  expect(await faults([script(`${at}/v1/bzImage`, `${at}/v1/initrd-x86_64-linux`)])).toEqual([
    "0.ipxe: an initrd of the name initrd, which the kernel's command line has / initrd-x86_64-linux",
  ]);
  expect(await faults([script(`${at}/v1/bzImage`, `--name initrd ${at}/v1/initrd-x86_64-linux`)])).toEqual(
    [],
  );
});

test('a script that only loads', async () => {
  expect(await faults([good.replace('boot\n', '')])).toEqual([
    '0.ipxe: a command that boots / a script that only loads',
  ]);
});
