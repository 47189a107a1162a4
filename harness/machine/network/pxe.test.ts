import { lstat, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as tmpDir } from 'tmp-promise';
import { expect, test } from 'vitest';
import type { NetbootImage } from '../../images/image.ts';
import { firstIpxeSource } from './ipxe.ts';
import { preparePxe, useNeighbours } from './pxe.ts';

test.each([
  ['kernel bzImage initrd=initrd', [], 'kernel bzImage initrd=initrd'],
  ['kernel https://host/r/download/v1/bzImage init=/x', ['bzImage'], 'kernel bzImage init=/x'],
  ['initrd http://host/initrd?token=1', ['initrd'], 'initrd initrd'],
  ['chain https://host/other.ipxe', ['bzImage'], 'chain https://host/other.ipxe'],
  ['kernel ${base-url}/bzImage', ['bzImage'], 'kernel ${base-url}/bzImage'],
  ['kernel https://host/', ['bzImage', ''], 'kernel https://host/'],
  [
    'set base https://host/v1\nkernel -n k ${base}/bzImage init=/x ${cmdline}\r\nboot',
    ['bzImage'],
    'set base https://host/v1\nkernel -n k bzImage init=/x ${cmdline}\r\nboot',
  ],
  [
    'set base https://host/v1\nset more a\ngoto boot\nset more b\n:boot\nkernel \\\n ${base}/bzImage ${more}',
    ['bzImage'],
    'set base https://host/v1\nset more a\ngoto boot\nset more b\n:boot\nkernel \\\n bzImage ${more}',
  ],
  [
    'set base tftp://x\nkernel ${base}/bzImage \\\n quiet',
    ['bzImage'],
    'set base tftp://x\nkernel ${base}/bzImage \\\n quiet',
  ],
  ['imgfetch --name k https://host/v1/k%2B1\nboot k ||', ['k+1'], 'imgfetch --name k k%2B1\nboot k ||'],
  [
    'set base https://host/v1\niseq ${platform} efi && chain ${base}/bzImage a=b || module ${base}/initrd',
    ['bzImage', 'initrd'],
    'set base https://host/v1\niseq ${platform} efi && chain bzImage a=b || module initrd',
  ],
])('%s beside %j', (script, names, expected) => {
  expect(useNeighbours(script, names).text).toBe(expected);
});

async function publish(
  script: string,
): Promise<{ image: NetbootImage; scratch: string; cleanup(): Promise<void> }> {
  const { path, cleanup } = await tmpDir({ unsafeCleanup: true });
  const { path: scratch, cleanup: cleanScratch } = await tmpDir({ unsafeCleanup: true });
  const [kernel, initrd, ipxe] = ['bzImage', 'initrd', 'netboot.ipxe'].map((name) => join(path, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([writeFile(kernel, 'K'), writeFile(initrd, 'I'), writeFile(ipxe, script)]);
  const files = [kernel, initrd, ipxe];
  return {
    image: { kind: 'netboot', path, files, arch: 'x86_64', kernel, initrd, initrdSize: 1, script: ipxe },
    scratch,
    async cleanup() {
      await Promise.all([cleanup(), cleanScratch()]);
    },
  };
}

test('the published files are served as they are', async () => {
  const { image, scratch, cleanup } = await publish('#!ipxe\nkernel bzImage\ninitrd initrd\nboot\n');
  const { server, notes } = await preparePxe(image, scratch, 'option-rom');
  expect(notes).toEqual([]);
  expect(server).toMatchObject({ bootFile: 'netboot.ipxe' });
  for (const file of ['bzImage', 'initrd', 'netboot.ipxe']) {
    expect(await readlink(join(server.directory, file))).toBe(join(image.path, file));
  }
  await cleanup();
});

test('a script of the release’s addresses is served as a copy, and that is told', async () => {
  const script = '#!ipxe\nimgfree\nkernel https://host/v1/bzImage\ninitrd https://host/v1/initrd\nboot\n';
  const { image, scratch, cleanup } = await publish(script);
  const { server, notes } = await preparePxe(image, scratch, 'option-rom');
  expect(notes).toEqual([
    'netboot.ipxe was served as a copy that loads bzImage and initrd from beside it instead of ' +
      'https://host/v1/bzImage and https://host/v1/initrd, which the closed network does not reach.',
  ]);
  const served = join(server.directory, 'netboot.ipxe');
  expect((await lstat(served)).isSymbolicLink()).toBe(false);
  expect(await readFile(served, 'utf8')).toBe('#!ipxe\nimgfree\nkernel bzImage\ninitrd initrd\nboot\n');
  expect(await readFile(image.script, 'utf8')).toBe(script);
  await cleanup();
});

test('iPXE from the network finds the published script under the name that it asks for', async () => {
  const { image, scratch, cleanup } = await publish('#!ipxe\nkernel bzImage\ninitrd initrd\nboot\n');
  const program = join(scratch, 'snponly.efi');
  await writeFile(program, 'E');
  const published = join(image.path, 'snponly.efi');
  await writeFile(published, 'one of its own, which its script may load');
  const { server, notes } = await preparePxe(image, scratch, 'network', [program]);
  expect(await readlink(join(server.directory, server.bootFile))).toBe(program);
  expect(await readlink(join(server.directory, 'snponly.efi'))).toBe(published);
  expect(await readFile(join(server.directory, 'autoexec.ipxe'), 'utf8')).toBe(
    `#!ipxe\ndhcp\n${await readFile(image.script, 'utf8')}`,
  );
  expect(notes).toEqual([expect.stringContaining(`iPXE was loaded from the network (${program})`)]);
  await cleanup();
});

test('for aarch64 iPXE comes from the network, and the note says why', async () => {
  const { image, scratch, cleanup } = await publish('#!ipxe\nkernel bzImage\ninitrd initrd\nboot\n');
  const program = join(scratch, 'ipxe-arm64.efi');
  await writeFile(program, 'E');
  const arm: NetbootImage = { ...image, arch: 'aarch64' };
  const { server, notes } = await preparePxe(arm, scratch, firstIpxeSource.aarch64, [program]);
  expect(await readlink(join(server.directory, server.bootFile))).toBe(program);
  expect(notes).toEqual([
    `iPXE was loaded from the network (${program}): QEMU's network card has none for aarch64.`,
  ]);
  await cleanup();
  const none = await publish('#!ipxe\nboot\n');
  const alone: NetbootImage = { ...none.image, arch: 'aarch64' };
  await expect(preparePxe(alone, none.scratch, 'network', ['/nowhere.efi'])).rejects.toMatchObject({
    code: 'ipxe-missing',
    message: expect.stringContaining("QEMU's network card has no iPXE for aarch64"),
    hint: expect.stringContaining('ipxe-bootimgs-aarch64'),
  });
  await none.cleanup();
});

test('a host without an iPXE to serve: the error names the package', async () => {
  const { image, scratch, cleanup } = await publish('#!ipxe\nboot\n');
  await expect(preparePxe(image, scratch, 'network', ['/nowhere/snponly.efi'])).rejects.toMatchObject({
    code: 'ipxe-missing',
    hint: expect.stringContaining('apt-get install ipxe'),
  });
  await cleanup();
});
