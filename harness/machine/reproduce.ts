import { basename, dirname } from 'node:path';
import { machineOptions } from './board/argv.ts';
import type {
  DirectKernel,
  Drive,
  MachineDescription,
  PxeServer,
  UefiFirmware,
} from './board/description.ts';
import { secondConsole, secondConsoleDevice } from './board/given.ts';
import { agentPort } from './board/hardware.ts';
import { blankArgs, overlayArgs } from './board/overlay.ts';
import { quote } from '../shell-quote.ts';

/**
 * A shell script that boots the same machine by hand: own overlay, own variables, the serial port on the terminal.
 * It needs nothing of the run but the image, and works from any directory.
 * @param qemu absolute path of the QEMU that ran it; its directory goes in front of PATH.
 */
export function reproduceScript(machine: MachineDescription, qemu: string): string {
  // All the machine's own files lie in a directory that the script makes and enters: their names alone do.
  const local = {
    ...machine,
    ...localUefi(machine.uefi),
    drives: machine.drives.map(localDrive),
    ...localPxe(machine.pxe),
    ...localKernel(machine.kernel),
  };
  const command = [
    [basename(qemu)],
    ...machineOptions(local).map((option) => option.map((word) => quote(word ?? ''))),
    ['-serial mon:stdio'],
    ...socketInPlace(secondConsole, machine.paths.console),
    ...socketInPlace(agentPort, machine.paths.agent),
    ['-action panic=none'],
    ['"$@"'],
  ];
  return `#!/bin/sh
# Boots ${machine.id.replaceAll(/\s/g, ' ')} by hand, as the harness did; the image is not written to.
# The serial port and QEMU's monitor share the terminal: Ctrl-A C switches, Ctrl-A X ends.
# More options of QEMU may follow: "sh qemu.sh -display gtk" shows the screen.
${machine.paths.console === undefined ? '' : `# ${secondConsoleDevice[machine.arch]} is the socket "console" in the directory that it makes: socat - UNIX:/tmp/tmp.XXX/console\n`}set -eu
PATH=${quote(dirname(qemu))}:$PATH
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 130' HUP INT TERM
cd "$directory"
${prepare(local).join('\n')}
${command.map((words) => words.join(' ')).join(' \\\n  ')}
`;
}

/** Where the machine has a socket to the harness, one in the script's directory of its name. */
const socketInPlace = (id: string, path: string | undefined): string[][] =>
  path === undefined ? [] : [[`-chardev socket,id=${id},path=${id},server=on,wait=off`]];

const localUefi = (uefi?: UefiFirmware): { uefi?: UefiFirmware } =>
  uefi === undefined ? {} : { uefi: { ...uefi, variables: basename(uefi.variables) } };

const localDrive = (drive: Drive): Drive =>
  drive.base === undefined && drive.blankMiB === undefined ? drive : { ...drive, path: basename(drive.path) };

const localPxe = (pxe?: PxeServer): { pxe?: PxeServer } =>
  pxe === undefined ? {} : { pxe: { ...pxe, directory: basename(pxe.directory) } };

/** What is taken out of the image lies in the script's directory, too. */
const localKernel = (kernel?: DirectKernel): { kernel?: DirectKernel } =>
  kernel === undefined || kernel.make.length === 0
    ? {}
    : {
        kernel: {
          ...kernel,
          kernel: basename(kernel.kernel),
          ...(kernel.initrd === undefined ? {} : { initrd: basename(kernel.initrd) }),
        },
      };

/** The commands that make the machine's own files. */
function prepare({ uefi, drives, pxe, kernel }: MachineDescription): string[] {
  return [
    ...drives.flatMap(({ base, blankMiB, path }) => [
      ...(base === undefined ? [] : [['qemu-img', ...overlayArgs(base, path)]]),
      ...(blankMiB === undefined ? [] : [['qemu-img', ...blankArgs(blankMiB, path)]]),
    ]),
    ...(uefi === undefined
      ? []
      : [
          ['cp', uefi.template, uefi.variables],
          ['chmod', '600', uefi.variables],
        ]),
    ...(pxe === undefined ? [] : pxeCommands(pxe)),
    ...(kernel?.make ?? []),
  ].map((words) => words.map((word) => (word === '>' ? word : quote(word))).join(' '));
}

function pxeCommands({ directory, links, texts }: PxeServer): string[][] {
  return [
    ['mkdir', directory],
    ...Object.entries(links).map(([name, file]) => ['ln', '-s', file, `${directory}/${name}`]),
    ...Object.entries(texts).map(([name, text]) => ['printf', '%s', text, '>', `${directory}/${name}`]),
  ];
}
