import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPaths } from '../../reference/formats.ts';
import { buildReferenceImages } from '../../reference/build.ts';
import { layoutName } from '../../scenarios/contracts/contract.ts';
import { nixosImages } from '../../scenarios/contracts/systems/nixos-images.ts';
import { keyboard } from '../../scenarios/keyboard.ts';
import { loadKeymapScript } from '../kernel-keymap.ts';
import { bootReference, type ReferenceGuest } from '../reference-guest.ts';
import { layouts, toldAs } from './layouts.ts';

/** One guest whose keyboard is set to one layout after the other, kmscon's and the kernel's. */
describe('a guest set to a layout', () => {
  let reference: ReferenceGuest;

  beforeAll(async () => {
    const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
    reference = await bootReference(join(directory, formatPaths.qemu));
  });
  afterAll(() => reference[Symbol.asyncDispose]());

  const set = async (layout: (typeof layouts)[number]): Promise<void> => {
    const { shell } = reference.guest;
    // The keymap first: a terminal that kmscon has just begun hangs up whoever has it open.
    const configured = await shell.run(`
${await loadKeymapScript(layout)}
printf 'font-name=JetBrains Mono\\nxkb-layout=${layout.layout}\\nxkb-variant=${layout.variant}\\n' > /etc/kmscon/kmscon.conf
systemctl restart kmsconvt@tty1.service`);
    expect(configured).toMatchObject({ status: 0, output: '' });
  };

  test.each(layouts.map((layout) => ({ layout, name: layoutName(layout) })))(
    '$name is recognised, through kmscon and through the VT',
    async ({ layout, name }) => {
      await set(layout);
      reference.evidence.length = 0;
      const promised = { ...nixosImages, keyboard: { ...layout, vt: layout } };
      expect(await keyboard.check(reference.guest, promised)).toEqual({ verdict: 'passed' });
      const told = reference.evidence.flatMap(
        ({ observed }) => /^on the .*: as on (.*)$/.exec(observed) ?? [],
      );
      expect(told.filter((_, index) => index % 2 === 1)).toEqual([toldAs(name), toldAs(name)]);
    },
  );

  test('another one is told apart, through kmscon and through the VT', async () => {
    // The guest has de(neo) now, where hardly a letter is in its usual place.
    const us = { layout: 'us', variant: '' };
    expect(
      await keyboard.check(reference.guest, { ...nixosImages, keyboard: { ...us, vt: us } }),
    ).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(
        /^expected the layout us on the virtual screen, the guest has de\(neo\).*; expected the layout us on the plain VT, the guest has de\(neo\)/,
      ),
    });
  });
});
