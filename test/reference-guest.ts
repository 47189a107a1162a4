/** A reference image that runs, for tests and benchmarks that need a real guest in their own process. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import type { Guest } from '../harness/console/guest.ts';
import { type Qmp, QmpKeyboard } from '../harness/console/keys/qmp-keyboard.ts';
import { openSerialShell } from '../harness/console/shells/serial-shell.ts';
import { Terminal } from '../harness/console/serial/terminal.ts';
import { Transcript } from '../harness/console/serial/transcript.ts';
import { cacheDirectory } from '../harness/cache-directory.ts';
import type { Evidence } from '../harness/events.ts';
import { findImages } from '../harness/images/find.ts';
import { chooseAccelerator } from '../harness/machine/accelerator.ts';
import { lightsOf } from '../harness/machine/sockets/lights.ts';
import { prepareMachine } from '../harness/machine/prepare.ts';
import { startMachine } from '../harness/machine/start.ts';
import { planCells } from '../harness/matrix/cells.ts';
import { Teardown } from '../harness/run/teardown.ts';
import { noPower } from './no-power.ts';

export interface ReferenceGuest extends AsyncDisposable {
  guest: Guest;
  qmp: Qmp;
  /** What was noted as evidence, cleared by whoever reads it. */
  evidence: Evidence[];
}

/** Boots an image that has a shell on serial; its `screenshot` takes none. */
export async function bootReference(
  image: string,
  { onPhase = () => {} }: { onPhase?: (text: string) => void } = {},
): Promise<ReferenceGuest> {
  const { path, cleanup } = await dir({ prefix: 'bmg', unsafeCleanup: true });
  const teardown = new Teardown();
  teardown.add(cleanup);
  const end = async (): Promise<void> => void (await teardown.run());
  try {
    const [cell] = planCells(await findImages([image]));
    if (cell === undefined) throw new Error(`no machine boots ${image}`);
    const scratch = join(path, 'm');
    await mkdir(scratch);
    const { name: accelerator, slowness } = await chooseAccelerator(cell.arch, 'auto', {
      cacheDir: cacheDirectory(),
      scratch: path,
    });
    const { description } = await prepareMachine(cell, { scratch, cpus: 1, accelerator });
    const machine = await startMachine(description);
    teardown.add(() => machine.stop());
    onPhase(`${cell.id} under ${accelerator}`);
    const transcript = new Transcript();
    const terminal = new Terminal((answer) => machine.write(answer));
    machine.onSerial((bytes) => {
      terminal.write(bytes);
      transcript.append(bytes);
    });
    const abort = new AbortController();
    teardown.add(async () => abort.abort());
    const { signal } = abort;
    const port = { transcript, write: (data: string | Uint8Array) => machine.write(data) };
    const { shell, autologin } = await openSerialShell(port, { slowness, signal });
    const qmp: Qmp = (execute, args) => machine.qmp(execute, args);
    const evidence: Evidence[] = [];
    const guest: Guest = {
      nonce: 'bcdefghijkln',
      arch: cell.arch,
      format: cell.format,
      boot: { phases: {}, serialAutologin: autologin ? shell.user : null },
      shell,
      keyboard: new QmpKeyboard(qmp, { slowness, lights: lightsOf(machine) }),
      power: noPower,
      console: transcript,
      readScreen: async () => null,
      ssh: { host: '127.0.0.1', port: await machine.hostPort(22) },
      scratch: path,
      slowness,
      signal,
      screenshot: async (name) => ({ action: 'screenshot', observed: `${name}, not taken here` }),
      claim: () => null,
      note: (one) => evidence.push(one),
    };
    return { guest, qmp, evidence, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}
