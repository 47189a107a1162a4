import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Finding } from '../harness/cli/doctor/finding.ts';
import { formatNames } from '../harness/matrix/formats.ts';
import { thisProcess } from '../harness/owner.ts';
import { type World, cliPath, makeWorld } from './cli.ts';

async function doctor(world: World, env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, 'doctor', '--json'], {
    reject: false,
    stdin: 'ignore',
    env: { ...world.env, ...env },
  });
  expect(stderr).toBe('');
  const { good, findings } = JSON.parse(stdout) as { good: boolean; findings: Finding[] };
  return { exitCode, good, byTopic: new Map(findings.map((finding) => [finding.topic, finding])) };
}

test('a host that has all is told so, and what a killed run left is told and left alone', async () => {
  await using world = await makeWorld({ ownCache: false });
  const left = join(world.tmp, 'bm-left');
  await mkdir(left);
  await writeFile(join(left, 'owner.json'), JSON.stringify({ ...thisProcess(), started: 'never' }));
  const { exitCode, good, byTopic } = await doctor(world);
  const lacking = [...byTopic.values()].filter(({ state }) => state === 'lacking');
  expect({ exitCode, good, lacking }).toEqual({ exitCode: 0, good: true, lacking: [] });
  for (const name of formatNames)
    expect(byTopic.get(`format ${name}`)?.found, name).toMatch(/^(x86_64|aarch64)\./);
  expect(byTopic.get('format iso-installer')?.found).toContain('aarch64.uefi.usb');
  expect(byTopic.get('format netboot')?.found).toMatch(
    /^x86_64\.bios\.pxe, x86_64\.uefi\.pxe, aarch64\.uefi\.pxe/,
  );
  expect(byTopic.get('leftovers of killed runs')).toMatchObject({
    state: 'limited',
    found: expect.stringContaining(left),
  });
  expect(await readdir(world.tmp)).toContain('bm-left');
});

test('what is not there is told with the line that mends it, and which formats lack it; exit code 3', async () => {
  await using world = await makeWorld({ ownCache: true });
  const bin = join(world.path, 'bin');
  await mkdir(bin);
  for (const name of ['qemu-system-x86_64', 'qemu-img', 'ssh', 'stty']) {
    const { stdout } = await execa('sh', ['-c', `command -v ${name}`]);
    await symlink(stdout, join(bin, name));
  }
  const { exitCode, good, byTopic } = await doctor(world, { PATH: bin });
  expect({ exitCode, good }).toEqual({ exitCode: 3, good: false });
  expect(byTopic.get('mdir')).toEqual({
    topic: 'mdir',
    state: 'lacking',
    found: 'not there: looks for UEFI loaders on an EFI system partition',
    remedy: {
      debian: 'sudo apt-get install mtools',
      fedora: 'sudo dnf install mtools',
      arch: 'sudo pacman -S mtools',
      nixos: 'nix shell nixpkgs#mtools',
      macos: 'brew install mtools',
    },
  });
  expect(byTopic.get('ssh')?.state).toBe('good');
  expect(byTopic.get('QEMU for aarch64')?.remedy?.fedora).toBe('sudo dnf install qemu-system-aarch64');
  expect(byTopic.get('format qemu')?.state).toBe('good');
  expect(byTopic.get('format qemu-efi')?.found).toMatch(/^lacks QEMU for aarch64 \(aarch64 uefi\)/);
});

test('netboot for aarch64 is told to need an iPXE of its own', async () => {
  await using world = await makeWorld({ ownCache: true });
  const program = join(world.path, 'snp.efi');
  await writeFile(program, 'iPXE');
  const there = await doctor(world, { BOOT_MATRIX_IPXE_AARCH64: program });
  expect(there.byTopic.get('iPXE for aarch64')).toMatchObject({ state: 'good', found: program });
  expect(there.byTopic.get('format netboot')).toMatchObject({ state: 'good' });
  const gone = await doctor(world, { BOOT_MATRIX_IPXE_AARCH64: join(world.path, 'gone.efi') });
  expect(gone.byTopic.get('iPXE for aarch64')).toMatchObject({
    state: 'limited',
    found: expect.stringContaining('gone.efi, which cannot be read'),
  });
  expect(gone.byTopic.get('format netboot')).toMatchObject({
    state: 'limited',
    found: 'x86_64.bios.pxe, x86_64.uefi.pxe, aarch64.uefi.pxe; aarch64 needs iPXE for aarch64',
  });
});
