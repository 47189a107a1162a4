import type { Writable } from 'node:stream';

/** Ctrl-], which telnet and virsh take for the same. */
const leave = 0x1d;

/**
 * Hands what is typed on our terminal on to a machine, key by key, Ctrl-C included; what comes from a pipe or a file as it
 * is. Ctrl-] leaves a terminal.
 * @param onLeave called once, when the person has enough
 * @returns what gives the terminal back
 */
export function typeInto(machine: Writable, onLeave: () => void): () => void {
  const { stdin } = process;
  const onData = (data: Buffer): void => {
    const end = stdin.isTTY ? data.indexOf(leave) : -1;
    machine.write(end < 0 ? data : data.subarray(0, end));
    if (end >= 0) onLeave();
  };
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', onData);
  return () => {
    stdin.off('data', onData);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
  };
}
