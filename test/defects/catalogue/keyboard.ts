import { loadKeymapScript } from '../../kernel-keymap.ts';
import type { Defect } from '../defect.ts';
import { become } from '../make/contents.ts';
import { disk } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';
import type { Make } from '../make/make.ts';

const cell = 'qemu.x86_64.bios.disk';

const kmscon = (lines: string): Ext4Edit => ({
  path: '/etc/kmscon/kmscon.conf',
  change: become(`font-name=JetBrains Mono\n${lines}\n`),
});

/** A service that gives the VTs another keymap, as a `console.keyMap` of NixOS does. */
const vtKeymap =
  (layout: string): Make =>
  async (reference, scratch) => {
    const unit = '/etc/systemd/system/keymap.service';
    const script = '/usr/local/sbin/keymap';
    const root: Ext4Edit[] = [
      {
        path: script,
        mode: '0100755',
        create: `#!/bin/sh\n${await loadKeymapScript({ layout, variant: '' })}\n`,
      },
      { path: unit, create: `[Unit]\nDescription=keymap\n[Service]\nType=oneshot\nExecStart=${script}\n` },
      { path: '/etc/systemd/system/multi-user.target.wants/keymap.service', symlink: unit },
    ];
    return disk('qemu', { root })(reference, scratch);
  };

/** Keys that come out as something else than the contract says, or nowhere. */
export const keyboard: readonly Defect[] = [
  {
    name: 'layout-vt-de',
    what: 'the right layout in kmscon, another on the plain VT',
    cell,
    make: vtKeymap('de'),
    expect: {
      checks: {
        keyboard: /^expected the layout us on the plain VT, the guest has de or at: its letters give/,
      },
    },
  },
  {
    name: 'layout-dead-keys',
    what: 'the dead keys of the layout are gone',
    cell,
    make: disk('qemu', { root: [kmscon('xkb-layout=ch\nxkb-variant=de_nodeadkeys')] }),
    expect: {
      checks: {
        keyboard:
          /^expected the layout ch on the virtual screen, the guest has ch\(de_nodeadkeys\): its dead keys give \^a/,
      },
    },
  },
  {
    name: 'layout-altgr',
    what: 'AltGr is Alt',
    cell,
    make: disk('qemu', { root: [kmscon('xkb-layout=ch\nxkb-options=lv3:ralt_alt')] }),
    expect: {
      checks: {
        keyboard: /^expected the layout ch on the virtual screen, .*nearest being ch: its AltGr give/,
      },
    },
  },
  {
    name: 'kmscon-broken',
    what: 'kmscon does not start: a getty takes its place',
    cell,
    make: disk('qemu', { root: [{ path: '/usr/bin/kmscon', mode: '0100644' }] }),
    expect: {
      checks: {
        autologin: /on the virtual screen expected root to be logged in, but it asks for a login/,
        keyboard: /^no shell on the virtual screen to press keys into: it asks for a login/,
      },
    },
  },
  {
    name: 'screen-plain-vt',
    what: 'the plain VT in place of kmscon, with its own layout',
    cell,
    make: disk('qemu', {
      root: [
        {
          path: '/etc/systemd/system/kmsconvt@.service.d/autologin.conf',
          change: become(
            '[Service]\nExecStart=\nExecStart=/sbin/agetty --autologin root --noclear %I linux\nStandardInput=tty\nTTYPath=/dev/%I\n',
          ),
        },
      ],
    }),
    expect: {
      checks: {
        keyboard: /^expected the layout ch on the virtual screen, the guest has us: its letters give/,
      },
    },
  },
];
