import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { ipxePrograms } from '../harness/machine/network/ipxe.ts';
import { type World, makeWorld, readEventLog, readSummary, startCli } from './cli.ts';
import { bareContract } from './contract.ts';
import { armImage, netbootSet } from './media.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';

const id = 'netboot.aarch64.uefi.pxe';

/** Distributions that have one of their own do not bring another. */
const hasOwn = ipxePrograms('aarch64').some((path) => path.startsWith('/usr/') && existsSync(path));

/** A world with a netboot set, and an apt-get that does what a line of shell says; `$1` is what it is asked for. */
async function prepare(apt: string): Promise<{ world: World; args: string[]; env: Record<string, string> }> {
  const world = await makeWorld({ ownCache: true });
  const image = join(world.path, 'netboot');
  await netbootSet(image, undefined, armImage());
  const contract = join(world.path, 'contract.json');
  await writeFile(contract, JSON.stringify(bareContract(userInfo().username)));
  const bin = join(world.path, 'bin');
  await mkdir(bin);
  const settings = 'while [ "$1" = -qq ] || [ "$1" = -o ]; do [ "$1" = -qq ] || shift; shift; done';
  await writeFile(join(bin, 'apt-get'), `#!/bin/sh\necho "$*" >> ${world.path}/asked\n${settings}\n${apt}\n`);
  await chmod(join(bin, 'apt-get'), 0o755);
  const stub = stubEnvironment();
  return {
    world,
    args: ['--accel', 'tcg', '--contract', contract, '--images', image],
    env: {
      ...stub,
      PATH: [bin, stub['PATH']].join(delimiter),
      BOOT_MATRIX_DEBIAN_MIRROR: 'http://mirror.invalid/debian',
      BOOT_MATRIX_IPXE_AARCH64: '',
    },
  };
}

const aptAsked = ({ path }: World): Promise<string> =>
  readFile(join(path, 'asked'), 'utf8').catch(() => 'nothing');

/** The line of QEMU's that says what the network has to start from. */
async function network(world: World): Promise<string> {
  const started = (await readEventLog(world)).find(({ type }) => type === 'cell-started');
  const argv = started?.type === 'cell-started' ? started.argv : [];
  return argv.filter((word) => /^user,|^virtio-net-pci/.test(word)).join(' ');
}

test('the iPXE that the environment names is loaded by the firmware and runs the script', async () => {
  const { world, args, env } = await prepare('exit 1');
  await using _ = world;
  const program = join(world.path, 'snp.efi');
  await writeFile(program, 'iPXE');
  const named = { ...env, BOOT_MATRIX_IPXE_AARCH64: program };
  const { exitCode, stdout } = await startCli(world, args, { env: named });
  expect(exitCode, String(stdout)).toBe(0);
  expect(await network(world)).toMatch(
    /^user,id=net,restrict=on,hostfwd=\S+,tftp=\S+\/tftp,bootfile=boot-matrix-ipxe\.efi virtio-net-pci,netdev=net,romfile=,bootindex=1$/,
  );
  const told = (await readEventLog(world)).flatMap((event) => (event.type === 'notice' ? event.text : []));
  expect(told).toContain(
    `${id}: iPXE was loaded from the network (${program}): QEMU's network card has none for aarch64.`,
  );
  expect((await readSummary(world)).cells).toMatchObject([{ id, verdict: 'passed' }]);
  expect(await aptAsked(world)).toBe('nothing');
});

test('a file that the environment names and that is not there is refused before anything boots', async () => {
  const { world, args, env } = await prepare('exit 1');
  await using _ = world;
  const named = { ...env, BOOT_MATRIX_IPXE_AARCH64: '/nowhere/ipxe.efi' };
  const { exitCode, stderr } = await startCli(world, args, { env: named });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr:
      'BOOT_MATRIX_IPXE_AARCH64: expected the path of iPXE as an EFI program for aarch64, got /nowhere/ipxe.efi, which cannot be read.',
  });
});

test.skipIf(hasOwn)('a host without one brings it from Debian 14 by apt, once', async () => {
  const { world, args, env } = await prepare(`case $1 in
    download)
      mkdir -p p/DEBIAN p/usr/lib/ipxe
      printf 'Package: ipxe\\nVersion: 2\\nArchitecture: all\\nMaintainer: a <a@b>\\nDescription: none\\n' > p/DEBIAN/control
      echo brought > p/usr/lib/ipxe/ipxe-arm64.efi
      dpkg-deb --build p ipxe_2_all.deb > /dev/null ;;
  esac`);
  await using _ = world;
  const brought = join(world.path, 'cache/boot-matrix/ipxe/ipxe-arm64.efi');
  const listed = await startCli(world, ['--list', ...args], { env });
  expect(listed.stdout).toBe(id);
  expect(await aptAsked(world)).toBe('nothing');
  for (const run of ['first', 'second']) {
    const { exitCode, stdout } = await startCli(world, args, { env });
    expect(exitCode, `${run}: ${String(stdout)}`).toBe(0);
    const told = (await readEventLog(world)).flatMap((event) => (event.type === 'notice' ? event.text : []));
    expect(told).toContainEqual(expect.stringContaining(`iPXE was loaded from the network (${brought})`));
  }
  const asked = (await aptAsked(world)).trim().split('\n');
  expect(asked.map((line) => line.split(' ').slice(-2).join(' '))).toEqual([
    'update --error-on=any',
    'download ipxe',
  ]);
  expect(await readFile(brought, 'utf8')).toBe('brought\n');
});

test.skipIf(hasOwn)('where none can be brought the cell is skipped, and why is told', async () => {
  const { world, args, env } = await prepare(`echo 'E: no route to the mirror' >&2; exit 100`);
  await using _ = world;
  const { exitCode, stdout } = await startCli(world, args, { env });
  expect(exitCode, String(stdout)).toBe(0);
  const reason = (why: string) =>
    expect.stringMatching(
      new RegExp(
        `^this host has no iPXE for aarch64, and none can be brought from Debian 14: ${why}; to have one, install ipxe of Debian 14, `,
      ),
    );
  expect((await readSummary(world)).cells).toMatchObject([
    { id, verdict: 'skipped', reason: reason('.*no route to the mirror') },
  ]);
  // Nor is there anything to bring it from where apt names no mirror: a list tells that, too.
  const alone = { ...env, BOOT_MATRIX_DEBIAN_MIRROR: '' };
  const listed = await startCli(world, ['--list', '--json', ...args], { env: alone });
  expect(JSON.parse(String(listed.stdout))).toMatchObject([
    { id, skip: reason('apt on this machine names no Debian mirror') },
  ]);
});
