import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { MachineDescription } from './board/description.ts';
import { reproduceScript } from './reproduce.ts';

const machine: MachineDescription = {
  id: 'qemu-efi.x86_64.uefi.disk',
  arch: 'x86_64',
  accelerator: 'tcg',
  cpus: 2,
  memoryMiB: 1536,
  uefi: {
    code: '/fw/code.fd',
    codeFormat: 'raw',
    variables: '/scratch/cell/variables.fd',
    variablesFormat: 'raw',
    template: '/fw/vars.fd',
  },
  drives: [
    {
      path: '/scratch/cell/disk.qcow2',
      driver: 'qcow2',
      bus: 'sata',
      readOnly: false,
      base: { path: "/images/it's here,really.qcow2", driver: 'qcow2' },
    },
  ],
  forwardedPorts: [22],
  paths: {
    qmp: '/scratch/cell/q',
    serialLog: '/scratch/cell/l',
    pidFile: '/scratch/cell/p',
    stderr: '/scratch/cell/e',
  },
};

const netboot: MachineDescription = {
  ...machine,
  drives: [],
  pxe: {
    source: 'option-rom',
    directory: '/scratch/cell/tftp',
    bootFile: 'netboot.ipxe',
    links: { bzImage: '/images/bzImage' },
    texts: { 'netboot.ipxe': "#!ipxe\nEOF\n$(touch /tmp/owned) `id` 'quoted'\n" },
  },
};

test.each([
  ['a disk', machine],
  ['netboot', netboot],
])('%s: a script that a shell reads, without a trace of the run', async (_, description) => {
  const script = reproduceScript(description, '/opt/qemu/bin/qemu-system-x86_64');
  await execa('sh', ['-n'], { input: script });
  expect(script).not.toContain('/scratch');
});

test('a name does not get out of its comment', () => {
  const script = reproduceScript({ ...machine, id: 'a\nreboot' }, '/opt/qemu/bin/qemu-system-x86_64');
  expect(script.split('\n')[1]).toMatch(/^# Boots a reboot by hand/);
});

test('what it does for a disk under UEFI', () => {
  const script = reproduceScript(machine, '/opt/qemu/bin/qemu-system-x86_64');
  expect(script).toMatchInlineSnapshot(`
    "#!/bin/sh
    # Boots qemu-efi.x86_64.uefi.disk by hand, as the harness did; the image is not written to.
    # The serial port and QEMU's monitor share the terminal: Ctrl-A C switches, Ctrl-A X ends.
    # More options of QEMU may follow: "sh qemu.sh -display gtk" shows the screen.
    set -eu
    PATH=/opt/qemu/bin:$PATH
    directory=$(mktemp -d)
    trap 'rm -rf "$directory"' EXIT
    trap 'exit 130' HUP INT TERM
    cd "$directory"
    qemu-img create -q -f qcow2 -b '/images/it'\\''s here,really.qcow2' -F qcow2 disk.qcow2
    cp /fw/vars.fd variables.fd
    chmod 600 variables.fd
    qemu-system-x86_64 \\
      -nodefaults \\
      -no-user-config \\
      -name guest=qemu-efi.x86_64.uefi.disk \\
      -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny \\
      -machine q35,pflash0=uefi-code,pflash1=uefi-variables \\
      -accel tcg \\
      -cpu max,-erms,-fsrm,-la57 \\
      -smp 2 \\
      -m 1536M \\
      -rtc base=utc \\
      -blockdev node-name=uefi-code,driver=raw,read-only=on,file.driver=file,file.filename=/fw/code.fd \\
      -blockdev node-name=uefi-variables,driver=raw,read-only=off,file.driver=file,file.filename=variables.fd \\
      -display none \\
      -device VGA \\
      -device virtio-rng-pci \\
      -device pvpanic \\
      -blockdev node-name=drive0,driver=qcow2,discard=unmap,cache.no-flush=on,file.driver=file,file.filename=disk.qcow2 \\
      -device ide-hd,bus=ide.0,drive=drive0,bootindex=1 \\
      -netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22 \\
      -device virtio-net-pci,netdev=net,romfile= \\
      -boot strict=on \\
      -serial mon:stdio \\
      -action panic=none \\
      "$@"
    "
  `);
});

test('a boot script that had to be changed is written out literally', async () => {
  const script = reproduceScript(netboot, '/opt/qemu/bin/qemu-system-x86_64');
  const from = script.indexOf('printf');
  const printed = await execa('sh', { input: script.slice(from, script.indexOf(' > tftp/netboot.ipxe')) });
  expect(`${printed.stdout}\n`).toBe(netboot.pxe?.texts['netboot.ipxe']);
});
