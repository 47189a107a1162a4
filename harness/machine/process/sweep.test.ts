import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Owner, thisProcess } from '../../owner.ts';
import { sweep } from './sweep.ts';

let tmp: DirectoryResult;
const children: ChildProcess[] = [];
const gone: Owner = { ...thisProcess(), started: '1' };
const elsewhere: Owner = { ...gone, namespace: 'pid:[1]' };

beforeEach(async () => {
  tmp = await dir({ unsafeCleanup: true });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await tmp.cleanup();
});

/** A scratch directory as a run makes it. */
async function leave(name: string, owner: Owner | null): Promise<string> {
  const path = join(tmp.path, name);
  await mkdir(join(path, 'c-1'), { recursive: true });
  if (owner !== null) await writeFile(join(path, 'owner.json'), JSON.stringify(owner));
  return path;
}

async function startMarked(owner: Owner): Promise<ChildProcess> {
  const env = { ...process.env, BOOT_MATRIX_OWNER: JSON.stringify(owner) };
  const child = spawn('sh', ['-c', 'echo ready; read -r _'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout as NodeJS.EventEmitter, 'data');
  return child;
}

test('directories of runs that are gone are removed; others, and what bears no mark, stay', async () => {
  const dead = await leave('bm-1-a', gone);
  const target = await leave('target', gone);
  await symlink(target, join(tmp.path, 'bm-2-link'));
  const kept = [
    target,
    await leave('bm-3-alive', thisProcess()),
    await leave('bm-4-elsewhere', elsewhere),
    await leave('bm-5-unmarked', null),
    await leave('other', gone),
  ];
  expect(await sweep(tmp.path)).toMatchObject({ directories: 1 });
  expect(existsSync(dead)).toBe(false);
  expect(kept.map((path) => existsSync(path))).toEqual(kept.map(() => true));
});

test('machines of runs that are gone are ended, stopped ones too; others live on', async () => {
  const orphan = await startMarked(gone);
  process.kill(orphan.pid ?? 0, 'SIGSTOP');
  const others = [await startMarked(thisProcess()), await startMarked(elsewhere)];
  const ended = once(orphan, 'exit');
  // Whatever else runs on this host may sweep too, and find it first.
  await sweep(tmp.path);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(others.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([null, null]);
});
