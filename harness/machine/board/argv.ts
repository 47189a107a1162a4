import type { MachineDescription } from './description.ts';
import { givenOptions, secondConsole } from './given.ts';
import {
  agentOptions,
  agentPort,
  boardOptions,
  driveOptions,
  networkOptions,
  optionValue,
  type Option,
  vsockOptions,
} from './hardware.ts';

/** QEMU may not do what a machine never needs: start programs, gain privileges, use obsolete system calls. */
const sandbox = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

/**
 * The machine itself, the same for the harness and for a person who boots it by hand.
 * @param platform of the host, since seccomp is Linux's. @default process.platform
 */
export function machineOptions(
  machine: MachineDescription,
  platform: NodeJS.Platform = process.platform,
): Option[] {
  return [
    // No defaults and no configuration of the host's: the machine is what is written here.
    ['-nodefaults'],
    ['-no-user-config'],
    ['-name', `guest=${optionValue(machine.id)}`],
    ...(platform === 'linux' ? [['-sandbox', sandbox] satisfies Option] : []),
    ...boardOptions(machine),
    ...driveOptions(machine),
    ...networkOptions(machine),
    ...agentOptions(machine),
    ...givenOptions(machine),
    // Only what has a bootindex is started from: an image that does not boot must not be excused by another device.
    ['-boot', 'strict=on'],
  ];
}

/** A character device on a socket on which the harness listens; none without a path. */
const socketOptions = (id: string, path: string | undefined): Option[] =>
  path === undefined ? [] : [['-chardev', `socket,id=${id},path=${optionValue(path)}`]];

/** The id of the VNC server for a person, which `openScreen` opens; it has to be QEMU's first. */
export const screenId = 'screen';

function personOptions(monitor: string): Option[] {
  return [
    ['-chardev', `socket,id=monitor,path=${optionValue(monitor)},server=on,wait=off`],
    ['-mon', 'chardev=monitor,mode=readline'],
    ['-vnc', `none,id=${screenId},password=on`],
  ];
}

/** How the harness holds the machine: the serial port on stdio (its output is the log), the monitor on its socket. */
function controlOptions(machine: MachineDescription): Option[] {
  const { paths } = machine;
  return [
    // Ctrl-C on the serial port is the guest's, not QEMU's.
    ['-chardev', 'stdio,id=serial,signal=off'],
    ['-serial', 'chardev:serial'],
    // QEMU connects to us: once it has, it is there, and nobody polls for a socket.
    ...socketOptions('qmp', paths.qmp),
    ['-mon', 'chardev=qmp,mode=control'],
    ...socketOptions(secondConsole, paths.console),
    ...socketOptions(agentPort, paths.agent),
    ...vsockOptions(machine),
    // For a person who is let in: QEMU's own monitor, and the screen, to which nobody can connect until it is opened.
    ...(paths.monitor === undefined ? [] : personOptions(paths.monitor)),
    // Its monitor does not tell of the keyboard's lights.
    ...(paths.lights === undefined ? [] : [['-vnc', `unix:${optionValue(paths.lights)}`] satisfies Option]),
    ['-pidfile', paths.pidFile],
    // A reboot is the guest's own affair and seen as RESET. After a shutdown QEMU stays, paused, for screen and
    // questions. A panicked kernel goes on as it would on metal: the rest of its message is evidence, and so is
    // the reboot that some images ask for.
    ['-action', 'reboot=reset,shutdown=pause,panic=none'],
    // Nothing runs before the harness listens; `cont` starts it.
    ['-S'],
  ];
}

/** QEMU's command line for a machine, without the program. */
export function buildArgs(machine: MachineDescription, platform?: NodeJS.Platform): string[] {
  return [...machineOptions(machine, platform), ...controlOptions(machine)].flat() as string[];
}
