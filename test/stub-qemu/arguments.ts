/** What the stub reads of QEMU's command line. */
export interface StubMachine {
  version: boolean;
  name: string;
  /** The QMP socket; absent in the accelerator's probe. */
  monitor: string | undefined;
  /** The socket on which its human monitor answers a person. */
  personsMonitor: string | undefined;
  pidFile: string | undefined;
  forwardedPorts: number[];
  /** The command line of a kernel that is started directly; empty where none is. */
  kernelOptions: string;
}

/** The value of a key in one of QEMU's comma-separated options, where a comma is written twice. */
function valueOf(option: string | undefined, key: string): string | undefined {
  const match = new RegExp(`(?:^|,)${key}=((?:[^,]|,,)*)`).exec(option ?? '');
  return match?.[1]?.replaceAll(',,', ',');
}

export function parseArguments(args: readonly string[]): StubMachine {
  const after = (name: string): string[] => args.filter((_, index) => args[index - 1] === name);
  const socket = (id: string): string | undefined =>
    after('-chardev').find((option) => option.startsWith(`socket,id=${id},`));
  const forwards = [
    ...after('-netdev')
      .join(' ')
      .matchAll(/hostfwd=tcp:127\.0\.0\.1:0-:(\d+)/g),
  ];
  return {
    version: args.includes('--version'),
    name: valueOf(after('-name')[0], 'guest') ?? '',
    monitor: valueOf(socket('qmp'), 'path'),
    personsMonitor: valueOf(socket('monitor'), 'path'),
    pidFile: after('-pidfile')[0],
    kernelOptions: after('-append')[0] ?? '',
    forwardedPorts: forwards.map((match) => Number(match[1])),
  };
}
