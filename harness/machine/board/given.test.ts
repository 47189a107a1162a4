import { expect, test } from 'vitest';
import { execa } from 'execa';
import { buildArgs } from './argv.ts';
import type { MachineDescription } from './description.ts';
import { givenOptions } from './given.ts';
import { reproduceScript } from '../reproduce.ts';

const shipped: MachineDescription = {
  id: 'qemu.x86_64.bios.disk',
  arch: 'x86_64',
  accelerator: 'tcg',
  cpus: 2,
  memoryMiB: 1536,
  drives: [],
  forwardedPorts: [22],
  paths: { qmp: '/s/q', serialLog: '/s/l', pidFile: '/s/p', stderr: '/s/e' },
};

const climbed: MachineDescription = {
  ...shipped,
  credentials: { 'getty.ttys.serial': 'ttyS0\nttyS1\n', 'agetty.autologin': 'root' },
  kernel: {
    kernel: '/s/kernel',
    initrd: '/s/initrd',
    options: "root=LABEL=nixos init='/x y' console=ttyS0",
    make: [
      ['sh', '-c', 'bsdtar -xOf "$1" "$2" > "$3"', 'sh', "/images/it's.iso", 'boot/bzImage', 'kernel'],
      ['rm', 'partition.raw'],
    ],
  },
  paths: { ...shipped.paths, console: '/s/a,b/console.sock' },
};

test('an image that is tested as it ships is given nothing', () => {
  expect(givenOptions(shipped)).toEqual([]);
});

test('credentials are OEM strings of SMBIOS, in base64, and files of the firmware configuration', () => {
  expect(givenOptions({ ...shipped, credentials: { 'agetty.autologin': 'root,toor' } })).toEqual([
    ['-smbios', 'type=11,value=io.systemd.credential.binary:agetty.autologin=cm9vdCx0b29y'],
    ['-fw_cfg', 'name=opt/io.systemd.credentials/agetty.autologin,string=root,,toor'],
  ]);
});

test('a credential whose name QEMU has no room for is an OEM string alone', () => {
  const options = givenOptions({ ...shipped, credentials: { 'ssh.ephemeral-authorized_keys-all': 'key' } });
  expect(options.map(([name]) => name)).toEqual(['-smbios']);
});

test('a PC gets a second serial port, other machines a virtio console', () => {
  const devices = (arch: MachineDescription['arch']): (string | undefined)[] =>
    givenOptions({ ...shipped, arch, paths: climbed.paths }).map(([, value]) => value);
  expect(devices('x86_64')).toEqual(['isa-serial,index=1,chardev=console']);
  expect(devices('aarch64')).toEqual(['virtio-serial-pci', 'virtconsole,chardev=console']);
});

test('the second console is a socket on which the harness listens', () => {
  expect(buildArgs(climbed)).toContain('socket,id=console,path=/s/a,,b/console.sock');
  expect(buildArgs(shipped).join(' ')).not.toContain('id=console');
});

test('the script gives the machine the same, out of the image and not out of the run', async () => {
  const script = reproduceScript(climbed, '/opt/qemu/bin/qemu-system-x86_64');
  await execa('sh', ['-n'], { input: script });
  expect(script).not.toContain('/s/');
  expect(script).toContain("/images/it'\\''s.iso");
  expect(script).toContain('rm partition.raw');
  expect(script).toMatch(/-kernel kernel \\\n {2}-initrd initrd \\\n {2}-append /);
  expect(script).toContain('agetty.autologin=cm9vdA==');
  expect(script).toContain('-chardev socket,id=console,path=console,server=on,wait=off');
  expect(script).toMatch(/^# ttyS1 is the socket "console"/m);
});
