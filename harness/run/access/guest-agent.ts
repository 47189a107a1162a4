import { agentPort } from '../../machine/board/hardware.ts';
import type { Machine, MachinePort } from '../../machine/machine.ts';

/** The channel to a guest's agent. */
export interface AgentChannel {
  port: MachinePort;
  /** Resolves when somebody in the guest opens it; never, where nobody does. */
  opened: Promise<void>;
}

/** The channel of a machine that was just switched on, or reset; nothing where it has none. */
export function agentChannel(machine: Machine): { agent?: AgentChannel } {
  const { agent: port } = machine;
  if (port === undefined) return {};
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const end = machine.onQmpEvent(({ event, data }) => {
    if (event !== 'VSERPORT_CHANGE' || data['id'] !== agentPort || data['open'] !== true) return;
    end();
    resolve();
  });
  return { agent: { port, opened } };
}
