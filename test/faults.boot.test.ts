/** What only the real QEMU can show: how it ends, what it says, and what its guest sees of its host's faults. */
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { writeHaltingDisk, writeWritingDisk } from './boot-sector.ts';
import {
  type Summary,
  type World,
  cliPath,
  makeWorld,
  readSummary,
  untilEvent,
  untilNothingIsLeft,
} from './cli.ts';
import { hasNamespaces, inNamespace } from './namespace.ts';
import { qemuPids } from './stutter.ts';
import { wrapQemu } from './wrapped-qemu.ts';

type Cell = Summary['cells'][number] | undefined;

const command = (world: World, image: string): string[] =>
  [process.execPath, cliPath, '--accel', 'tcg', '--retries', '0'].concat(
    ['--images', image],
    ['--out', world.out],
  );

/** A QEMU on PATH that is the real one under a limit. */
const limitedQemu = async (world: World, limit: string): Promise<Record<string, string>> => ({
  PATH: await wrapQemu(join(world.path, 'bin'), (qemu) => `trap '' XFSZ\nexec prlimit ${limit} ${qemu} "$@"`),
});

/** Runs a guest to its end, with `during` once its boot sector has spoken; the host must be to blame, with nothing left. */
async function hostsFault(
  make: (path: string) => Promise<void>,
  { limit, during }: { limit?: string; during?: (world: World) => Promise<void> },
): Promise<Cell> {
  await using world = await makeWorld({ ownCache: false });
  const image = join(world.path, 'guest.img');
  await make(image);
  const env = { ...world.env, ...(limit === undefined ? {} : await limitedQemu(world, limit)) };
  const [node = '', ...args] = command(world, image);
  const harness = execa(node, args, { env, stdin: 'ignore', reject: false });
  if (during !== undefined) {
    await untilEvent(world, (event) => event.type === 'phase' && event.phase === 'bootloader');
    await during(world);
  }
  const { exitCode, stdout, stderr } = await harness;
  expect(exitCode, `${stdout}\n${stderr}`).toBe(3);
  const { cells } = await readSummary(world);
  expect(cells).toMatchObject([{ verdict: 'error' }]);
  await untilNothingIsLeft(world);
  return cells[0];
}

const signal = (name: NodeJS.Signals) => async (world: World) => {
  for (const pid of await qemuPids(world)) process.kill(pid, name);
};

test.each([
  ['SIGTERM', /QEMU ended with exit code 0 .*terminating on signal 15/s],
  ['SIGSEGV', /QEMU was killed by signal 11/],
  ['SIGSTOP', /QEMU was stopped \(SIGSTOP/],
] as const)('%s to QEMU', async (name, reason) => {
  const cell = await hostsFault(writeHaltingDisk, { during: signal(name) });
  expect(cell?.reason).toMatch(reason);
});

test('no memory for the machine', async () => {
  const cell = await hostsFault(writeHaltingDisk, { limit: `--as=${600 * 2 ** 20}` });
  expect(cell?.reason).toMatch(/out of memory/);
});

test('a guest that writes more than the host lets it', async () => {
  const cell = await hostsFault(writeWritingDisk, { limit: `--fsize=${8 * 2 ** 20}` });
  expect(cell?.reason).toMatch(/QEMU met an I\/O error on the guest's disk/);
});

test.skipIf(!hasNamespaces)('no port is left for the machine', async () => {
  await using world = await makeWorld({ ownCache: false });
  const image = join(world.path, 'guest.img');
  await writeHaltingDisk(image);
  // One port in all, and it is taken.
  const script = `
ip link set lo up
sysctl -qw net.ipv4.ip_local_port_range='40000 40000'
node=$1
"$node" -e 'require("node:net").createServer().listen(0, "127.0.0.1", () => console.log("taken"))' >"$2" & taker=$!
until grep -q taken "$2"; do sleep 0.1; done
shift 2
code=0; "$@" || code=$?
kill $taker
exit $code`;
  const args = [process.execPath, join(world.path, 'taken'), ...command(world, image)];
  const { exitCode, stdout, stderr } = await inNamespace(script, args, world.env);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(3);
  const { cells } = await readSummary(world);
  expect(cells).toMatchObject([
    { verdict: 'error', reason: expect.stringMatching(/no port of the host is free/) },
  ]);
  await untilNothingIsLeft(world);
});

test.skipIf(!hasNamespaces)('the disk of the overlays fills while a guest writes', async () => {
  await using world = await makeWorld({ ownCache: false });
  const image = join(world.path, 'guest.img');
  await writeWritingDisk(image);
  // Room enough to be admitted, then none: the file that fills it is as large as what is left but for a little.
  const script = `
mount -t tmpfs -o size=1700m none "$TMPDIR"
code=0; "$@" & run=$!
until grep -qs WRITING "$OUT"/cells/*/serial.log; do sleep 0.1; kill -0 $run; done
fallocate -l 1650m "$TMPDIR/filler" || true
wait $run || code=$?
rm "$TMPDIR/filler"
find "$TMPDIR" -mindepth 1 >"$OUT/left"
exit $code`;
  const env = { ...world.env, OUT: world.out };
  const { exitCode, stdout, stderr } = await inNamespace(script, command(world, image), env);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(3);
  const { cells } = await readSummary(world);
  expect(cells).toMatchObject([{ verdict: 'error', reason: expect.stringMatching(/disk is full/) }]);
  await untilNothingIsLeft(world);
});
