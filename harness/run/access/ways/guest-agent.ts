import { openAgentShell } from '../../../console/shells/agent-shell.ts';
import { agentPort } from '../../../machine/board/hardware.ts';
import type { Machine } from '../../../machine/machine.ts';
import { orSerial } from './serial.ts';
import type { AgentChannel, Way } from './way.ts';

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

/** QEMU's guest agent, where the machine has its channel and somebody in the guest opens it. It proves nothing else. */
export const guestAgent: Way<AgentChannel> = {
  needs: ({ agent }) => agent,
  isShutBy: 'nothing',

  async open({ opened, port }, { slowness, lasting }) {
    await opened;
    return { shell: await openAgentShell(port, { slowness, signal: lasting }), serialAutologin: null };
  },

  orBetter: orSerial,
};
