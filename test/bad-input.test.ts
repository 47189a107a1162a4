import { mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { writeHaltingDisk } from './boot-sector.ts';
import { bareContract } from './contract.ts';
import { type World, makeWorld, startCli } from './cli.ts';

/** What the command line says to this input: exit code 2, one or two lines, nothing on stdout, nothing written. */
async function refusal(args: (world: World) => Promise<string[]> | string[]): Promise<string> {
  await using world = await makeWorld({ ownCache: true });
  const { exitCode, stdout, stderr } = await startCli(world, await args(world));
  const text = String(stderr).replaceAll(world.path, '<world>');
  expect({ exitCode, stdout }, text).toEqual({ exitCode: 2, stdout: '' });
  expect(text, 'a stack trace').not.toMatch(/^\s+at /m);
  expect(await readdir(world.tmp), 'scratch files').toEqual([]);
  await expect(readdir(world.out), 'reports').rejects.toThrow('ENOENT');
  return text;
}

/** A qcow2 with a boot sector, so that only what a test does to it is wrong with it. */
async function makeQcow2(world: World): Promise<string> {
  const raw = join(world.path, 'halts.img');
  const path = join(world.path, 'halts.qcow2');
  await writeHaltingDisk(raw);
  await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, path]);
  return path;
}

test('a path that is not there', async () => {
  expect(await refusal((world) => ['--images', join(world.path, 'none.iso')])).toMatchInlineSnapshot(
    `"<world>/none.iso: expected an image or a directory of images, got nothing of that name; check the path, or build the image first."`,
  );
});

test('a text file that is called .qcow2', async () => {
  const text = await refusal(async (world) => {
    const path = join(world.path, 'notes.qcow2');
    await writeFile(path, 'These are notes.\n'.repeat(500));
    return ['--images', path];
  });
  expect(text).toMatchInlineSnapshot(
    `"<world>/notes.qcow2: expected a disk image, an ISO or a netboot set, got text; give the path of a built image."`,
  );
});

test('a truncated qcow2', async () => {
  const text = await refusal(async (world) => {
    const path = await makeQcow2(world);
    const { length } = await readFile(path);
    await truncate(path, length - 65_536);
    return ['--images', path];
  });
  expect(text).toMatchInlineSnapshot(
    `"<world>/halts.qcow2: expected a whole qcow2 image, got a truncated one (qemu-img check: ERROR: counting reference for region exceeding the end of the file by one cluster or more: offset 0x50000 size 0x10000); build or download it again."`,
  );
});

test('an empty file', async () => {
  const text = await refusal(async (world) => {
    await writeFile(join(world.path, 'empty.img'), '');
    return ['--images', join(world.path, 'empty.img')];
  });
  expect(text).toMatchInlineSnapshot(
    `"<world>/empty.img: expected a disk image, an ISO or a netboot set, got an empty file; give the path of a built image."`,
  );
});

test('an empty directory', async () => {
  const text = await refusal(async (world) => {
    await mkdir(join(world.path, 'result'));
    return ['--images', join(world.path, 'result')];
  });
  expect(text).toMatchInlineSnapshot(
    `"<world>/result: expected a directory with a disk image, an ISO or a netboot set, got no files; build the image first, or give its path."`,
  );
});

test('a qcow2 that names a file of the host as its backing file', async () => {
  const text = await refusal(async (world) => {
    const path = await makeQcow2(world);
    await execa('qemu-img', ['rebase', '-u', '-f', 'qcow2', '-b', '/etc/hostname', '-F', 'raw', path]);
    return ['--images', path];
  });
  expect(text).toMatchInlineSnapshot(
    `"<world>/halts.qcow2: expected an image that is complete in itself, got a qcow2 that continues in a backing file (/etc/hostname); make it one file: qemu-img convert -O qcow2."`,
  );
});

test('several images that are none, in one directory and by name', async () => {
  const text = await refusal(async (world) => {
    const directory = join(world.path, 'images');
    await mkdir(directory);
    await writeHaltingDisk(join(directory, 'good.img'));
    await writeFile(join(directory, 'notes.iso'), 'text');
    await writeFile(
      Buffer.concat([Buffer.from(`${directory}/f`), Buffer.from([0xfc]), Buffer.from('r-alle.qcow2')]),
      'text',
    );
    return ['--images', join(world.path, 'none.iso'), directory];
  });
  expect(text).toMatchInlineSnapshot(`
    "<world>/none.iso: expected an image or a directory of images, got nothing of that name; check the path, or build the image first.
    <world>/images/f�r-alle.qcow2: expected a file that can be read, got a name that is not UTF-8; rename it.
    <world>/images/notes.iso: expected a disk image, an ISO or a netboot set, got text; give the path of a built image."
  `);
});

test('a filter that matches no cell', async () => {
  expect(
    await refusal(async (world) => ['netboot*', '--images', await makeQcow2(world)]),
  ).toMatchInlineSnapshot(
    `""netboot*": expected a filter that selects a cell, got one that selects none; choose from qemu.x86_64.bios.disk."`,
  );
});

test.each([
  [
    '--reporter=xunit',
    "--reporter takes one of junit, json, html, tap, markdown, github, plain; got 'xunit'.",
  ],
  [
    '--reporter=github=out.txt',
    "--reporter takes a file after one of junit, json, html, tap, markdown, e.g. junit=out.xml; got 'github=out.txt'.",
  ],
  ['--html=both', "--html takes one of linked, single; got 'both'."],
])('%s', async (option, told) => {
  expect(await refusal(async (world) => [option, '--images', await makeQcow2(world)])).toBe(told);
});

test.each([['0'], ['-1'], ['1.5'], ['many'], ['0%']])('-j %s', async (jobs) => {
  const text = await refusal(async (world) => [`-j${jobs}`, '--images', await makeQcow2(world)]);
  expect(text).toBe(
    `-j takes how many machines run at once, 1 or more, or a percentage of the cores such as 50%; got '${jobs}'.`,
  );
});

test.each([
  ['--retries', '-1', 'how often a cell is tried again, 0 to 10'],
  ['--retries', '11', 'how often a cell is tried again, 0 to 10'],
  ['--repeat-each', '0', 'how often each cell is run, 1 to 1000'],
  ['--seed', '1e3', 'a whole number, 0 to 999999999'],
  ['--out', '--list', 'the path of a directory'],
  ['--out', '', 'the path of a directory'],
  ['--contract', '--json', 'the name of a contract or the path of a JSON file'],
])('%s %j', async (option, value, expected) => {
  expect(await refusal(() => [option, value])).toBe(`${option} takes ${expected}; got '${value}'.`);
});

test('an option that does not exist', async () => {
  expect(await refusal(() => ['--imagse', 'x'])).toMatchInlineSnapshot(
    `"unknown option '--imagse' (Did you mean --images?); see --help."`,
  );
});

test('--all beside images', async () => {
  expect(await refusal(() => ['--all', '--images', '/x'])).toMatchInlineSnapshot(
    `"--all takes every reference image; expected it without --images and --flake, got both."`,
  );
});

test('an option without its value', async () => {
  expect(await refusal(() => ['--images'])).toMatchInlineSnapshot(
    `"--images takes the paths of image files or of directories that hold them; got '--out'."`,
  );
});

test('a directory for temporary files that is not there', async () => {
  await using world = await makeWorld({ ownCache: true });
  const { exitCode, stderr } = await startCli(world, ['--list'], { env: { TMPDIR: '/nonexistent' } });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr:
      'TMPDIR: expected a directory that can be written to, got /nonexistent; make it, or name another.',
  });
});

test('a file whose name would speak to the terminal', async () => {
  await using world = await makeWorld({ ownCache: true });
  const directory = join(world.path, 'images');
  await mkdir(directory);
  await writeHaltingDisk(join(directory, 'halts.img'));
  await writeFile(join(directory, '\u001b[31m\n::error::x'), Buffer.from('1f8b0800', 'hex'));
  const { exitCode, stderr } = await startCli(world, ['--list', '--images', directory]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('/images/ : :error::x: expected an image that a machine can boot');
});

test('a contract that is not known', async () => {
  expect(await refusal(() => ['--contract', 'nixos-imagse'])).toMatchInlineSnapshot(
    `"There is no contract 'nixos-imagse': expected one of nixos-images, nix-community, per-host-iso, lilith, reference, or the path of a JSON file (did you mean 'nixos-images'?)."`,
  );
});

test('an accelerator that does not exist', async () => {
  expect(await refusal(() => ['--accel', 'xen'])).toMatchInlineSnapshot(
    `"--accel takes one of auto, kvm, hvf, tcg; got 'xen'."`,
  );
});

test('a private key in the contract that ssh cannot use', async () => {
  const text = await refusal(async (world) => {
    const key = join(world.path, 'key');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', key], { stdin: 'ignore' });
    const authorizedKey = (await readFile(`${key}.pub`, 'utf8')).trim();
    const sshd = { user: 'root', authorizedKey, privateKey: 'key', permitRootLogin: 'yes' };
    const contract = join(world.path, 'contract.json');
    await writeFile(contract, JSON.stringify({ ...bareContract(), sshd }));
    await writeHaltingDisk(join(world.path, 'halts.img'));
    return ['--contract', contract, '--images', join(world.path, 'halts.img')];
  });
  expect(text).toMatchInlineSnapshot(
    `"The contract '<world>/contract.json' is wrong at sshd.privateKey: expected a private key that ssh can use, got '<world>/key', which has a passphrase, and nobody is there to type it; take it off (ssh-keygen -p -N '' -f …)."`,
  );
});
