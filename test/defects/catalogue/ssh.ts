import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Defect } from '../defect.ts';
import { disk } from '../make/disk.ts';
import type { Make } from '../make/make.ts';

const cell = 'qemu.x86_64.bios.disk';

/** A host key that is made here, along with the image. */
const bakedIn: Make = async (reference, scratch) => {
  const key = join(scratch, 'host-key');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'root@nixos', '-f', key], {
    stdin: 'ignore',
  });
  const path = '/etc/ssh/ssh_host_ed25519_key';
  const root = [
    { path, create: await readFile(key, 'utf8'), mode: '0100600' },
    { path: `${path}.pub`, create: await readFile(`${key}.pub`, 'utf8') },
  ];
  return disk('qemu', { root })(reference, scratch);
};

const anyPassword: Pick<Defect, 'cell' | 'make' | 'expect'> = {
  cell,
  make: disk('qemu', {
    root: [
      {
        path: '/etc/pam.d/sshd',
        change: (content) => `auth sufficient pam_permit.so\n${content.toString()}`,
      },
    ],
  }),
  expect: {
    checks: { sshd: /a password that was made up to be refused, but sshd lets root in with it/ },
  },
};

/** A server that lets in whom it should not, or that is not this machine's own. */
export const ssh: readonly Defect[] = [
  { name: 'sshd-any-password', what: 'PAM takes any password', ...anyPassword },
  {
    name: 'sshd-any-password-noexec',
    what: 'the same, where nothing in TMPDIR can be run',
    ...anyPassword,
    noexec: true,
  },
  {
    name: 'sshd-host-key-baked-in',
    what: 'the host key is in the image',
    cell,
    make: bakedIn,
    expect: { checks: { sshd: /host keys that are made on the machine, got some that came with the image/ } },
  },
];
