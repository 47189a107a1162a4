import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { HostError } from '../errors.ts';
import { buildArgs } from './board/argv.ts';
import { processCpuSeconds } from './process/cpu-time.ts';
import { Channel } from './sockets/channel.ts';
import { beforeStart, oomKills, qemuDied } from './process/death.ts';
import type { MachineDescription } from './board/description.ts';
import { askMonitor } from './sockets/hmp.ts';
import type { Machine, MachineExit, MachinePort, QmpEvent } from './machine.ts';
import { parseHostPort } from './network/network.ts';
import { provePortOwner } from './network/port-owner.ts';
import { watchPulse } from './process/pulse.ts';
import { listenForQmp, type QmpConnection, type QmpServer } from './sockets/qmp.ts';
import { SerialLog } from './sockets/serial.ts';
import { SocketPort } from './sockets/socket-port.ts';
import { startOnTerminal, type TerminalProcess } from './process/terminal.ts';
import { qemuBinary } from './version.ts';
import { startVsock, type Vsock } from './network/vsock.ts';

/** How long QEMU may take over `quit` before it is killed, which costs nothing: its disks are thrown away. */
const quitMilliseconds = 1000;
/** How often QEMU's CPU time is read, since a process that has ended has none. */
const samplingMilliseconds = 1000;
/** How much of QEMU's stderr is told. */
const stderrTail = 4000;

/**
 * Starts QEMU; resolves when its monitor answers and the machine runs. Its bytes and events from power-on are
 * kept for their first listener.
 * @param options.signal ends the start when it aborts. The machine that runs is its caller's to stop, who may want a last
 * look at it.
 * @throws HostError `qemu-died` when QEMU ends by itself before that, with what it said.
 */
export async function startMachine(
  description: MachineDescription,
  options: { signal?: AbortSignal } = {},
): Promise<Machine> {
  options.signal?.throwIfAborted();
  const binary = await qemuBinary(description.arch);
  const { paths } = description;
  const serial = new SerialLog(paths.serialLog);
  const server = await listenForQmp(paths.qmp);
  const ports: Ports = {};
  const args = buildArgs(description);
  let machine: QemuMachine;
  let vsock: Vsock | undefined;
  try {
    if (paths.console !== undefined)
      ports.secondConsole = await SocketPort.open(paths.console, 'second console');
    if (paths.agent !== undefined) ports.agent = await SocketPort.open(paths.agent, 'guest agent');
    if (paths.vsock !== undefined) vsock = await startVsock(paths.vsock);
    const qemu = startOnTerminal(binary, args, { stderr: paths.stderr, stdout: paths.serialLog });
    machine = new QemuMachine(description, qemu, server, serial, ports);
    void machine.exited.then(() => vsock?.end());
  } catch (error) {
    server.close();
    closeAll(ports);
    vsock?.end();
    if (error instanceof HostError) throw error;
    // node-pty tells no more than that fork or open failed.
    throw new HostError('qemu-unstartable', `The host cannot start ${binary}: ${String(error)}.`, {
      hint: 'Look for a limit on processes, open files or terminals (ulimit -a, /proc/sys/kernel/pty/max).',
      transient: true,
      cause: error,
    });
  }

  const abort = (): void => void machine.stop();
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted === true) abort();

  const died = machine.exited.then((exit) => {
    options.signal?.throwIfAborted();
    throw qemuDied(exit, beforeStart);
  });
  const lost = Promise.withResolvers<never>();
  const poweredOn = machine.powerOn();
  const endPulse = watchPulse(machine.pid, () => poweredOn, { onLost: lost.reject });
  try {
    await Promise.race([poweredOn, died, lost.promise]);
    return machine;
  } catch (error) {
    await machine.stop();
    // Whatever broke first, QEMU's own words are the better explanation.
    return await died.catch((death: unknown) => {
      throw isLost(error) ? death : error;
    });
  } finally {
    options.signal?.removeEventListener('abort', abort);
    endPulse();
  }
}

const isLost = (error: unknown): boolean => error instanceof HostError && error.code === 'qmp-lost';

/** The sockets on which the machine's other ports are. */
interface Ports {
  secondConsole?: SocketPort;
  agent?: SocketPort;
}

function closeAll(ports: Ports): void {
  for (const port of [ports.secondConsole, ports.agent]) port?.close();
}

class QemuMachine implements Machine {
  readonly description: MachineDescription;
  readonly pid: number;
  readonly exited: Promise<MachineExit>;
  readonly secondConsole?: MachinePort;
  readonly agent?: MachinePort;
  readonly #qemu: TerminalProcess;
  readonly #server: QmpServer;
  readonly #serial: SerialLog;
  readonly #events = new Channel<QmpEvent>();
  #monitor: QmpConnection | undefined;
  #cpuSeconds: number | null = null;
  #ended = false;
  #stopping: Promise<MachineExit> | undefined;

  constructor(
    description: MachineDescription,
    qemu: TerminalProcess,
    server: QmpServer,
    serial: SerialLog,
    ports: Ports,
  ) {
    this.description = description;
    if (ports.secondConsole !== undefined) this.secondConsole = ports.secondConsole;
    if (ports.agent !== undefined) this.agent = ports.agent;
    this.pid = qemu.pid;
    this.#qemu = qemu;
    this.#server = server;
    this.#serial = serial;
    const killsBefore = oomKills();
    const sampling = setInterval(() => this.cpuSeconds(), samplingMilliseconds).unref();
    this.exited = qemu.exited.then(async (exit) => {
      this.#ended = true;
      clearInterval(sampling);
      server.close();
      closeAll(ports);
      await this.#serial.finish();
      const stderr = await readFile(description.paths.stderr, 'utf8').catch(() => '');
      const oomKilled = exit.signal === constants.signals.SIGKILL && oomKills() > killsBefore;
      return { ...exit, stderr: stderr.slice(-stderrTail), oomKilled };
    });
  }

  /** Lets the machine run once its monitor answers, and not before: no event and no byte is missed. */
  async powerOn(): Promise<void> {
    this.#monitor = await this.#server.connection;
    this.#monitor.onEvent((event) => {
      this.cpuSeconds();
      this.#events.emit(event);
    });
    await this.#monitor.execute('cont');
  }

  write(data: string | Uint8Array): void {
    this.#qemu.write(data);
  }

  onSerial(listener: (data: Uint8Array) => void): () => void {
    return this.#serial.onData(listener);
  }

  onQmpEvent(listener: (event: QmpEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  async qmp(execute: string, args?: Record<string, unknown>): Promise<unknown> {
    if (this.#monitor === undefined)
      throw new HostError('qmp-lost', `QEMU's monitor is not there for ${execute}.`, { transient: true });
    return this.#monitor.execute(execute, args);
  }

  async hostPort(guestPort: number): Promise<number> {
    const usernet = await askMonitor((...call) => this.qmp(...call), 'info usernet');
    const port = parseHostPort(usernet, guestPort);
    await provePortOwner(this.pid, port);
    return port;
  }

  cpuSeconds(): number | null {
    // An ended process's id may be another's by now.
    if (!this.#ended) this.#cpuSeconds = processCpuSeconds(this.pid) ?? this.#cpuSeconds;
    return this.#cpuSeconds;
  }

  stop(): Promise<MachineExit> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<MachineExit> {
    this.cpuSeconds();
    // A QEMU that hangs or was stopped (SIGSTOP) never answers: it is killed after a moment.
    const kill = setTimeout(() => this.#qemu.kill('SIGKILL'), quitMilliseconds);
    if (this.#monitor === undefined) this.#qemu.kill('SIGKILL');
    // The connection ends along with QEMU, often before the answer.
    else await Promise.race([this.#monitor.execute('quit').catch(() => {}), this.exited]);
    const exit = await this.exited;
    clearTimeout(kill);
    return exit;
  }
}
