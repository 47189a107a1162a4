import { expect, test } from 'vitest';
import { shortageIn, shortageOf } from './shortage.ts';

test.each([
  ['qemu-img: out.qcow2: Could not resize file: No space left on device', 'disk-full'],
  ["cannot set up guest memory 'mem': Cannot allocate memory", 'out-of-memory'],
  ['Failed to get pipe: Too many open files', 'out-of-descriptors'],
  ["Could not set up host forwarding rule 'tcp:127.0.0.1:0-:22'", 'port-taken'],
  ['write: Input/output error', 'disk-io'],
])('QEMU says "%s": %s', (said, code) => {
  const error = shortageIn(`${said}\n`, 'QEMU ended with exit code 1');
  expect(error).toMatchObject({ code, transient: true });
  expect(error?.message).toContain(`QEMU ended with exit code 1; it said: ${said}: `);
  expect(error?.hint).toBeTruthy();
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['ENOMEM', 'out-of-memory'],
  ['EMFILE', 'out-of-descriptors'],
  ['ENFILE', 'out-of-descriptors'],
  ['EAGAIN', 'out-of-processes'],
  ['EADDRINUSE', 'port-taken'],
])('the system says %s: %s, also behind another error', (errno, code) => {
  const cause = Object.assign(new Error(`${errno}: open '/x'`), { code: errno });
  expect(shortageOf(cause)).toMatchObject({ code, transient: true });
  expect(shortageOf(new Error('wrapped', { cause }))).toMatchObject({ code });
});

test('anything else is no shortage', () => {
  expect(shortageIn('could not open disk image x.img: No such file or directory', 'QEMU ended')).toBeNull();
  expect(shortageOf(Object.assign(new Error('gone'), { code: 'ENOENT' }))).toBeNull();
  expect(shortageOf('ENOSPC')).toBeNull();
});
