import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { disk } from '../defects/make/disk.ts';
import { judgeMadeImages } from '../made-images.ts';
import { asks, closedContract, noScreen, silent } from './shut.ts';

/** Nobody gets into it but who logs in on a getty that was asked for. */
const image = disk('qemu', { root: [silent(), noScreen, asks] });

/** A QEMU that has one of its options left out. */
const without = (option: string): string => `#!/bin/bash
rest=()
while [ $# -gt 0 ]; do
  if [ "$1" = ${option} ]; then shift 2; else rest+=("$1"); shift; fi
done
PATH=\${PATH#*:} exec qemu-system-x86_64 "\${rest[@]}"
`;

test.each([
  ['SMBIOS', '-fw_cfg'],
  ["QEMU's firmware configuration", '-smbios'],
])('credentials by %s alone let somebody in', async (_, option) => {
  await using bin = await mkdtempDisposable(join(tmpdir(), 'bmq'));
  await writeFile(join(bin.path, 'qemu-system-x86_64'), without(option), { mode: 0o755 });
  const env = { PATH: `${bin.path}:${process.env['PATH']}` };
  const { world, exitCode, summary } = await judgeMadeImages({
    images: { closed: image },
    contract: closedContract,
    env,
  });
  await using _world = world;
  expect(summary.cells).toMatchObject([
    {
      verdict: 'passed',
      access: 'credentials',
      shut: [{ rung: 'shipped' }],
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'flakes', verdict: 'passed', access: ['credentials'] }),
        expect.objectContaining({ name: 'autologin', verdict: 'skipped' }),
      ]),
    },
  ]);
  expect(exitCode).toBe(0);
});
