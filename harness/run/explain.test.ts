import { expect, test } from 'vitest';
import { GuestError, HostError } from '../errors.ts';
import type { EventBody } from '../events.ts';
import { type SecondBoot, explain } from './explain.ts';

/** Explains with what comes of a boot by each rung; an abort comes with the first boot. */
async function explainWith(results: { menu: SecondBoot; kernel?: SecondBoot }, aborts = false) {
  const events: EventBody[] = [];
  const end = new AbortController();
  await explain({
    cell: 'a',
    emit: (event) => events.push(event),
    signal: end.signal,
    boot: async (rung, { emit, below }) => {
      emit({ type: 'attachment', cell: 'a', name: 'serial log', path: `${below}/serial.log` });
      emit({ type: 'attachment', cell: 'a', name: 'registers', path: `${below}/registers.txt` });
      emit({ type: 'phase', cell: 'a', phase: 'kernel', seconds: 1, evidence: '' });
      if (aborts) end.abort();
      const result = results[rung];
      if (result === undefined) throw new Error(`unasked: ${rung}`);
      return result;
    },
  });
  return events;
}

const noMenu: SecondBoot = { phase: null, error: new GuestError('no-boot-menu', 'it has no menu') };
const panic = new GuestError('kernel-panic', 'kernel panic: no root', { evidence: 'the panic' });
const told = (events: EventBody[]) => events.filter(({ type }) => type === 'explanation');

test('the first boot whose kernel could be told to speak is the explanation', async () => {
  expect(told(await explainWith({ menu: { phase: 'kernel', error: panic } }))).toMatchObject([
    { rung: 'menu', outcome: 'explained', phase: 'kernel', evidence: 'the panic' },
  ]);
  expect(told(await explainWith({ menu: noMenu, kernel: { phase: 'kernel', error: panic } }))).toMatchObject([
    { rung: 'kernel', outcome: 'explained', sentence: expect.stringMatching(/: kernel panic: no root$/) },
  ]);
});

test('a second boot that comes up is told as one that did not fail', async () => {
  expect(told(await explainWith({ menu: { phase: 'login', sign: 'serial' } }))).toMatchObject([
    {
      outcome: 'no-failure',
      sentence:
        'a second boot, with its kernel told to speak on serial, by keys at its boot menu, did not fail: the serial port shows a started system',
    },
  ]);
});

test('of the second boot only its files are in the record, and of these the log comes first', async () => {
  const events = await explainWith({ menu: { phase: 'kernel', error: panic } });
  expect(events.map(({ type }) => type)).toEqual(['notice', 'attachment', 'attachment', 'explanation']);
  expect(events.filter(({ type }) => type === 'attachment')).toEqual([
    {
      type: 'attachment',
      cell: 'a',
      name: 'serial log of the second boot',
      path: 'explanation/serial.log',
    },
    {
      type: 'attachment',
      cell: 'a',
      name: 'registers of the second boot',
      path: 'explanation/registers.txt',
      detail: true,
    },
  ]);
});

test('what no second boot told is no explanation', async () => {
  const error = new HostError('qemu-died', 'QEMU died');
  const events = await explainWith({ menu: noMenu, kernel: { phase: null, error } });
  expect(told(events)).toEqual([]);
  expect(events.at(-1)).toEqual({
    type: 'notice',
    level: 'info',
    text: 'a: why it failed could not be found out by a second boot: it has no menu; QEMU died',
  });
});

test('an interrupted one is not told of', async () => {
  const events = await explainWith({ menu: noMenu }, true);
  expect(events.map(({ type }) => type)).toEqual(['notice', 'attachment', 'attachment']);
});
