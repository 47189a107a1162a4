import { type Qmp, QmpKeyboard } from '../../console/keys/qmp-keyboard.ts';
import type { VirtualKeyboard } from '../../console/keys/keyboard.ts';
import { lightsOf } from '../../machine/sockets/lights.ts';
import { starvationMeter } from '../../machine/process/starvation.ts';
import { vsockServer } from '../access/ways/vsock.ts';
import { tellKeys } from '../keep/deeds.ts';
import type { Session } from './session.ts';

/** Where a machine is reached from outside, whichever boot of it runs. */
export interface Reach {
  /** The guest's port 22. */
  ssh: { host: string; port: number };
  /** The SSH server on its vsock, where it has one. */
  vsock?: { host: string; port: number };
  keyboard: VirtualKeyboard;
  /** CPU time in seconds that QEMU took or waited for; null where the host can't tell. */
  demandSeconds: () => number | null;
}

export async function reach(session: Session): Promise<Reach> {
  const { machine, screens, slowness, teardown } = session;
  const ssh = { host: '127.0.0.1', port: await machine.hostPort(22) };
  const vsock = await vsockServer(machine, teardown);
  const qmp: Qmp = (execute, args) => machine.qmp(execute, args);
  const keys = new QmpKeyboard(
    beforeFirst(() => screens.takeUntouched(), qmp),
    { slowness, lights: lightsOf(machine) },
  );
  const starved = starvationMeter(machine.pid);
  const demandSeconds = (): number | null => {
    const cpu = machine.cpuSeconds();
    return cpu === null ? null : cpu + starved();
  };
  return { ssh, ...vsock, keyboard: tellKeys(keys, session), demandSeconds };
}

/** The same monitor; before its first command something is done that nobody waits for: commands keep their order. */
function beforeFirst(first: () => void, qmp: Qmp): Qmp {
  let isFirst = true;
  return (execute, args) => {
    if (isFirst) first();
    isFirst = false;
    return qmp(execute, args);
  };
}
