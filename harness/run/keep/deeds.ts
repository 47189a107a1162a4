/** What is done to a machine, and what befalls it, told to the report: keys, commands, events of QEMU. */
import type { Chord, VirtualKeyboard } from '../../console/keys/keyboard.ts';
import type { Shell } from '../../console/shells/shell.ts';
import type { Emit } from '../../events.ts';
import type { Machine } from '../../machine/machine.ts';

/** Whose deeds they are, and where they are told. */
export interface Teller {
  cell: { id: string };
  emit: Emit;
}

/** The most that is told of one command, of its output and of the keys that were pressed at once, in characters. */
const most = { command: 1000, output: 2000, keys: 400 };

/** The same keyboard; what is pressed on it is told. */
export function tellKeys(keyboard: VirtualKeyboard, { cell, emit }: Teller): VirtualKeyboard {
  const told = async (keys: string, pressed: Promise<void>): Promise<void> => {
    const began = performance.now();
    await pressed;
    emit({ type: 'keys', cell: cell.id, keys: shortened(keys, most.keys), seconds: secondsSince(began) });
  };
  return {
    press: (chords, options) => told(chords.map(nameOf).join(' '), keyboard.press(chords, options)),
    type: (text, layout) => told(text, keyboard.type(text, layout)),
  };
}

/** `a`, `shift-7`, `ret`: QEMU's own notation, as its monitor's sendkey takes it. */
const nameOf = (chord: Chord): string => chord.join('-');

/** The same shell; what it runs is told once it has ended. */
export function tellCommands(shell: Shell, { cell, emit }: Teller): Shell {
  const { access, user } = shell;
  return {
    access,
    user,
    leave: () => shell.leave?.(),
    async run(script, options) {
      const began = performance.now();
      const tell = (status: number | null, output: string): void =>
        emit({
          type: 'command',
          cell: cell.id,
          command: shortened(script.trim(), most.command),
          access,
          user,
          seconds: secondsSince(began),
          status,
          output: shortened(output, most.output),
        });
      try {
        const result = await shell.run(script, options);
        tell(result.status, result.output);
        return result;
      } catch (error) {
        tell(null, '');
        throw error;
      }
    },
  };
}

/** Those that change what the machine does, see qapi/run-state.json; STOP and RESUME are our own looks at it. */
const ofNote: ReadonlySet<string> = new Set([
  'BLOCK_IMAGE_CORRUPTED',
  'BLOCK_IO_ERROR',
  'GUEST_CRASHLOADED',
  'GUEST_PANICKED',
  'MEMORY_FAILURE',
  'POWERDOWN',
  'RESET',
  'SHUTDOWN',
  'SUSPEND',
  'SUSPEND_DISK',
  'WAKEUP',
  'WATCHDOG',
]);
/** A machine that resets itself without end says nothing new. */
const mostEvents = 100;

/** Tells of events of QEMU that matter to who reads the report. Returns the way to end this. */
export function tellQmpEvents(machine: Pick<Machine, 'onQmpEvent'>, { cell, emit }: Teller): () => void {
  let told = 0;
  return machine.onQmpEvent(({ event, data }) => {
    if (!ofNote.has(event) || told === mostEvents) return;
    told += 1;
    emit({ type: 'qmp', cell: cell.id, event, data: shortened(JSON.stringify(data), most.output) });
  });
}

/** The beginning and the end of a long text. */
function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = limit / 2;
  const omitted = text.length - limit;
  return `${text.slice(0, half)}\n… ${omitted} characters left out …\n${text.slice(-half)}`.toWellFormed();
}

/** Seconds since then, to the millisecond. */
const secondsSince = (began: number): number => Math.round(performance.now() - began) / 1000;
