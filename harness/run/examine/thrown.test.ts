import assert from 'node:assert';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { expect as ours } from '../../../scenarios/expect.ts';
import { GuestError, HostError } from '../../errors.ts';
import { describeThrown } from './thrown.ts';

const source = import.meta.filename;
const base = import.meta.dirname;
const own = (thrown: unknown) => describeThrown(thrown, source, base);

async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('an assertion is the guest that failed, with place and diff', async () => {
  const fault = own(
    await thrownBy(() => ours({ name: 'tor', port: 9050 }).toEqual({ name: 'tor', port: 9051 })),
  );
  expect(fault).toMatchObject({ verdict: 'failed', code: 'assertion' });
  expect(fault.reason).toMatch(/^expected \{ name: 'tor', port: 9050 \} to deeply equal/);
  expect(fault.evidence).toMatch(new RegExp(`^${basename(source)}:\\d+\n`));
  expect(fault.evidence).toContain('-   "port": 9051,\n+   "port": 9050,');
});

it.each([
  ['node:assert', () => assert.equal(1, 2)],
  ['a promise of expect', () => ours(Promise.resolve(1)).resolves.toBe(2)],
])('so is one of %s', async (_, action) => {
  expect(own(await thrownBy(action))).toMatchObject({ verdict: 'failed', code: 'assertion' });
});

it('what was raised on purpose says whose it is', () => {
  expect(own(new GuestError('unit-failed', 'tor.service failed'))).toMatchObject({ verdict: 'failed' });
  expect(own(new HostError('no-root', 'no sudo'))).toMatchObject({ verdict: 'error', code: 'no-root' });
  expect(own(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toMatchObject({ code: 'disk-full' });
});

it('anything else is a defect of the check, named by file and line', async () => {
  const fault = own(await thrownBy(() => (undefined as unknown as { no: () => void }).no()));
  expect(fault).toMatchObject({ verdict: 'error', code: 'check-threw' });
  expect(fault.reason).toMatch(new RegExp(`^${basename(source)}:\\d+: TypeError: Cannot read properties`));
});

it('in a check of ours it is a defect of the harness', () => {
  expect(describeThrown(new TypeError('x'), undefined, '')).toMatchObject({ code: 'harness' });
});
