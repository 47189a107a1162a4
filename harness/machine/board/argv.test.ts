import { expect, test } from 'vitest';
import { buildArgs } from './argv.ts';
import type { MachineDescription } from './description.ts';

const overlay = { path: '/s/disk.qcow2', driver: 'qcow2', readOnly: false };
const iso = { path: '/images/a.iso', driver: 'raw' };

const plain: MachineDescription = {
  id: 'qemu.x86_64.bios.disk',
  arch: 'x86_64',
  accelerator: 'tcg',
  cpus: 2,
  memoryMiB: 1536,
  drives: [{ ...overlay, bus: 'sata', base: { path: '/images/a.qcow2', driver: 'qcow2' } }],
  forwardedPorts: [22],
  paths: { qmp: '/s/qmp.sock', serialLog: '/s/serial.log', pidFile: '/s/qemu.pid', stderr: '/s/qemu.stderr' },
};

const uefi = {
  code: '/fw/code.fd',
  codeFormat: 'raw',
  variables: '/s/variables.fd',
  variablesFormat: 'raw',
  template: '/fw/vars.fd',
};

const args = (change: Partial<MachineDescription> = {}, platform: NodeJS.Platform = 'linux'): string[] =>
  buildArgs({ ...plain, ...change }, platform);

/** The values of an option, in order. */
const values = (list: readonly string[], option: string): string[] =>
  list.filter((_, index) => list[index - 1] === option);

test('a whole command line', () => {
  expect(args().join(' ').replaceAll(' -', '\n-')).toMatchInlineSnapshot(`
    "-nodefaults
    -no-user-config
    -name guest=qemu.x86_64.bios.disk
    -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
    -machine q35
    -accel tcg
    -cpu max,-erms,-fsrm,-la57
    -smp 2
    -m 1536M
    -rtc base=utc
    -display none
    -device VGA
    -device virtio-rng-pci
    -device pvpanic
    -blockdev node-name=drive0,driver=qcow2,discard=unmap,cache.no-flush=on,file.driver=file,file.filename=/s/disk.qcow2
    -device ide-hd,bus=ide.0,drive=drive0,bootindex=1
    -netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22
    -device virtio-net-pci,netdev=net,romfile=
    -boot strict=on
    -chardev stdio,id=serial,signal=off
    -serial chardev:serial
    -chardev socket,id=qmp,path=/s/qmp.sock
    -mon chardev=qmp,mode=control
    -pidfile /s/qemu.pid
    -action reboot=reset,shutdown=pause,panic=none
    -S"
  `);
});

test.each<[string, Partial<MachineDescription>, string[]]>([
  ['sata', {}, ['ide-hd,bus=ide.0,drive=drive0,bootindex=1']],
  [
    'virtio-blk',
    { drives: [{ ...overlay, bus: 'virtio-blk' }] },
    ['virtio-blk-pci,drive=drive0,bootindex=1'],
  ],
  [
    'virtio-scsi',
    { drives: [{ ...overlay, bus: 'virtio-scsi' }] },
    ['virtio-scsi-pci,id=scsi', 'scsi-hd,bus=scsi.0,drive=drive0,bootindex=1'],
  ],
  [
    'cdrom',
    { drives: [{ ...iso, readOnly: true, bus: 'cdrom' }] },
    ['ide-cd,bus=ide.0,id=medium,drive=drive0,bootindex=1'],
  ],
  [
    'usb',
    { drives: [{ ...overlay, bus: 'usb' }] },
    ['qemu-xhci,id=usb', 'usb-storage,bus=usb.0,removable=on,id=medium,drive=drive0,bootindex=1'],
  ],
  [
    'aarch64 cdrom',
    { arch: 'aarch64', uefi, drives: [{ ...iso, readOnly: true, bus: 'cdrom' }] },
    ['virtio-scsi-pci,id=scsi', 'scsi-cd,bus=scsi.0,id=medium,drive=drive0,bootindex=1'],
  ],
  [
    'aarch64 usb, on the controller of the keyboard',
    { arch: 'aarch64', uefi, drives: [{ ...overlay, bus: 'usb' }] },
    ['usb-storage,bus=usb.0,removable=on,id=medium,drive=drive0,bootindex=1'],
  ],
  ['aarch64 plain disk', { arch: 'aarch64', uefi }, ['nvme,serial=drive0,drive=drive0,bootindex=1']],
  [
    'a second disk is not started from',
    { drives: [...plain.drives, { ...overlay, path: '/s/b.qcow2', bus: 'sata' }] },
    ['ide-hd,bus=ide.0,drive=drive0,bootindex=1', 'ide-hd,bus=ide.1,drive=drive1'],
  ],
])('drives: %s', (_, change, expected) => {
  const devices = values(args(change), '-device').filter((device) => /drive|scsi|xhci/.test(device));
  expect(devices.filter((device) => change.arch !== 'aarch64' || !device.includes('xhci'))).toEqual(expected);
});

test('an optical disc is opened read-only, an overlay is not flushed', () => {
  expect(values(args({ drives: [{ ...iso, readOnly: true, bus: 'cdrom' }] }), '-blockdev')).toEqual([
    'node-name=drive0,driver=raw,read-only=on,file.driver=file,file.filename=/images/a.iso',
  ]);
  expect(values(args(), '-blockdev')).toEqual([
    'node-name=drive0,driver=qcow2,discard=unmap,cache.no-flush=on,file.driver=file,file.filename=/s/disk.qcow2',
  ]);
});

test('UEFI: read-only code, writable variables', () => {
  expect(values(args({ uefi }), '-machine')).toEqual(['q35,pflash0=uefi-code,pflash1=uefi-variables']);
  expect(values(args({ uefi }), '-blockdev').slice(0, 2)).toEqual([
    'node-name=uefi-code,driver=raw,read-only=on,file.driver=file,file.filename=/fw/code.fd',
    'node-name=uefi-variables,driver=raw,read-only=off,file.driver=file,file.filename=/s/variables.fd',
  ]);
});

test.each([
  ['x86_64', 'tcg', 'max,-erms,-fsrm,-la57'],
  ['x86_64', 'kvm', 'host'],
  ['aarch64', 'tcg', 'max,pauth=off,sve=off,sme=off'],
  ['aarch64', 'hvf', 'host'],
] as const)('CPU of %s under %s: %s', (arch, accelerator, model) => {
  expect(values(args({ arch, accelerator }), '-cpu')).toEqual([model]);
  expect(values(args({ arch, accelerator }), '-accel')).toEqual([accelerator]);
});

test('PXE: the network alone starts the machine', () => {
  const pxe = {
    source: 'option-rom' as const,
    directory: '/s/tftp',
    bootFile: 'netboot.ipxe',
    links: {},
    texts: {},
  };
  const list = args({ drives: [], pxe });
  expect(values(list, '-netdev')).toEqual([
    'user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22,tftp=/s/tftp,bootfile=netboot.ipxe',
  ]);
  expect(values(list, '-device')).toContain('virtio-net-pci,netdev=net,bootindex=1');
  expect(values(args(), '-device')).toContain('virtio-net-pci,netdev=net,romfile=');
  const arm = args({ arch: 'aarch64', drives: [], pxe: { ...pxe, source: 'network', bootFile: 'i,.efi' } });
  expect(values(arm, '-netdev')[0]).toMatch(/,tftp=\/s\/tftp,bootfile=i,,\.efi$/);
  expect(values(arm, '-device')).toContain('virtio-net-pci,netdev=net,romfile=,bootindex=1');
});

test('seccomp is Linux’s', () => {
  expect(values(args(), '-sandbox')[0]).toMatch(/^on,.*spawn=deny/);
  expect(args({}, 'darwin')).not.toContain('-sandbox');
});

test('a comma in a path or name stays one', () => {
  const list = args({ id: 'a,b', drives: [{ ...overlay, path: '/x,file.locking=off', bus: 'sata' }] });
  expect(values(list, '-name')).toEqual(['guest=a,,b']);
  expect(values(list, '-blockdev')[0]).toMatch(/file\.filename=\/x,,file\.locking=off$/);
});

test('the lights of the keyboard are told on a socket', () => {
  expect(values(args(), '-vnc')).toEqual([]);
  const lights = '/s/a,b/lights.sock';
  expect(values(args({ paths: { ...plain.paths, lights } }), '-vnc')).toEqual(['unix:/s/a,,b/lights.sock']);
});

test("the guest agent's channel, where the format has one", () => {
  expect(args().join(' ')).not.toContain('guest_agent');
  const list = args({ paths: { ...plain.paths, agent: '/s/a,b/agent.sock' } });
  expect(values(list, '-chardev')).toContain('socket,id=agent,path=/s/a,,b/agent.sock');
  expect(values(list, '-device').slice(-2)).toEqual([
    'virtio-serial-pci,id=agent-bus',
    'virtserialport,bus=agent-bus.0,id=agent,chardev=agent,name=org.qemu.guest_agent.0',
  ]);
});

test('a vsock by a program that sees the memory, for machines that have one', () => {
  expect(args().join(' ')).not.toMatch(/vsock|memory-backend/);
  const list = args({
    paths: { ...plain.paths, vsock: { program: '/bin/vsock', device: '/s/a,b/device', host: '/s/host' } },
  });
  expect(values(list, '-object')).toEqual([
    `memory-backend-memfd,id=memory,size=${plain.memoryMiB}M,share=on`,
  ]);
  expect(values(list, '-machine').at(-1)).toBe('memory-backend=memory');
  expect(values(list, '-chardev')).toContain('socket,id=vsock,path=/s/a,,b/device');
  expect(values(list, '-device')).toContain('vhost-user-vsock-pci,chardev=vsock');
});

test('U-Boot is loaded in place of firmware, on a machine whose device tree has all that it has', () => {
  const list = args({ arch: 'aarch64', uBoot: '/fw/u-boot.bin' });
  expect(values(list, '-bios')).toEqual(['/fw/u-boot.bin']);
  expect(values(list, '-machine')).toEqual(['virt,gic-version=max,acpi=off']);
});

test('two disks share the controller of their bus, and the first is started from', () => {
  const list = args({
    drives: [
      { ...overlay, bus: 'virtio-scsi' },
      { ...overlay, path: '/s/blank.qcow2', blankMiB: 512, bus: 'virtio-scsi' },
    ],
  });
  expect(values(list, '-device').filter((device) => device.includes('scsi'))).toEqual([
    'virtio-scsi-pci,id=scsi',
    'scsi-hd,bus=scsi.0,drive=drive0,bootindex=1',
    'scsi-hd,bus=scsi.0,drive=drive1',
  ]);
});

test('a person has a monitor of their own, and a screen that nobody reaches before it is opened', () => {
  expect(args()).not.toContain('-vnc');
  const monitor = '/s/a,b/monitor.sock';
  const given = args({ paths: { ...plain.paths, monitor, lights: '/s/lights.sock' } });
  expect(values(given, '-chardev')).toContain(
    'socket,id=monitor,path=/s/a,,b/monitor.sock,server=on,wait=off',
  );
  expect(values(given, '-mon')).toContain('chardev=monitor,mode=readline');
  // The first is the one that `display-update` opens.
  expect(values(given, '-vnc')).toEqual(['none,id=screen,password=on', 'unix:/s/lights.sock']);
});
