import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mirrorState, pickMirror } from './mirror.ts';

test('the mirror is the main archive of Debian, not security and not another vendor', () => {
  const targets = [
    'https://vendor.example/apt/|Vendor|Vendor',
    'http://one.example/debian-security/|Debian|Debian-Security',
    'http://two.example/debian/|Debian|Debian',
  ];
  expect(pickMirror(targets.join('\n'))).toBe('http://two.example/debian/');
});

test('before the first update of apt the path decides', () => {
  expect(pickMirror('http://a.example/debian-security/||\nhttp://b.example/debian/||')).toBe(
    'http://b.example/debian/',
  );
});

test('a machine without Debian sources has no mirror', () => {
  expect(pickMirror('')).toBeUndefined();
  expect(pickMirror('http://a.example/ubuntu/|Ubuntu|Ubuntu')).toBeUndefined();
});

test('a fresh state is used as it is, and one that cannot be renewed too, which is said', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'boot-matrix-test-'));
  const file = join(directory, 'mirror.json');
  const lines: string[] = [];
  const onProgress = (line: string) => lines.push(line);
  const state = { mirror: `file://${directory}/nowhere`, checkedAt: Date.now(), digest: 'abc' };
  const before = process.env['BOOT_MATRIX_DEBIAN_MIRROR'];
  process.env['BOOT_MATRIX_DEBIAN_MIRROR'] = state.mirror;
  try {
    await writeFile(file, JSON.stringify(state));
    expect(await mirrorState(file, { onProgress })).toEqual(state);
    expect(lines).toEqual([]);
    const old = { ...state, checkedAt: 0 };
    await writeFile(file, JSON.stringify(old));
    expect(await mirrorState(file, { onProgress })).toEqual(old);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(old);
    await rm(file);
    await expect(mirrorState(file, { onProgress })).rejects.toMatchObject({ code: 'reference-mirror' });
  } finally {
    if (before === undefined) delete process.env['BOOT_MATRIX_DEBIAN_MIRROR'];
    else process.env['BOOT_MATRIX_DEBIAN_MIRROR'] = before;
    await rm(directory, { recursive: true });
  }
});
