import { delimiter, join } from 'node:path';

/** The variables under which a program finds the stub where it looks for QEMU; `behaviour` as in `qemu.ts`. */
export const stubEnvironment = (behaviour = 'boots'): Record<string, string> => ({
  PATH: [join(import.meta.dirname, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
  STUB_NODE: process.execPath,
  STUB_QEMU: behaviour,
});
