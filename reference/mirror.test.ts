import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { firstOfList, mirrorState, pickMirror } from './mirror.ts';

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

test('a CD-ROM is no mirror', () => {
  expect(pickMirror('cdrom:[Debian 13]/|Debian|Debian\nhttp://b.example/debian/|Debian|Debian')).toBe(
    'http://b.example/debian/',
  );
});

test.each(['mirror+file:', 'mirror+file://'])('of a list of mirrors (%s) it is the first', async (scheme) => {
  const list = join(await mkdtemp(join(tmpdir(), 'boot-matrix-test-')), 'debian.list');
  await writeFile(list, '# ours\nhttps://one.example/debian\tpriority:1\nhttps://two.example/debian\n');
  expect(pickMirror(`${scheme}${list}||`)).toBe(`${scheme}${list}`);
  expect(await firstOfList(`${scheme}${list}`)).toBe('https://one.example/debian');
  expect(await firstOfList('http://two.example/debian/')).toBe('http://two.example/debian/');
  await rm(dirname(list), { recursive: true });
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
    // One that was named since is asked, fresh or not; what cannot be read is nothing.
    process.env['BOOT_MATRIX_DEBIAN_MIRROR'] = `${state.mirror}/other`;
    await writeFile(file, JSON.stringify(state));
    expect(await mirrorState(file, { onProgress })).toEqual(state);
    expect(lines).toHaveLength(2);
    await writeFile(file, '');
    await expect(mirrorState(file, { onProgress })).rejects.toMatchObject({ code: 'reference-mirror' });
    await rm(file);
    await expect(mirrorState(file, { onProgress })).rejects.toMatchObject({ code: 'reference-mirror' });
  } finally {
    if (before === undefined) delete process.env['BOOT_MATRIX_DEBIAN_MIRROR'];
    else process.env['BOOT_MATRIX_DEBIAN_MIRROR'] = before;
    await rm(directory, { recursive: true });
  }
});
