import { writeFile } from 'node:fs/promises';
import type { Shell } from '../../console/shells/shell.ts';
import type { CellArtefacts } from './artefacts.ts';

/** The most that is kept of a journal, its end, in bytes. */
const mostBytes = { ssh: 8 * 2 ** 20, serial: 128 * 2 ** 10 };
const file = 'journal.log';

/**
 * Puts the journal of a guest that broke its contract into the report: who looks for the reason finds it there. What comes
 * of it changes no verdict, so it does not reject; a guest without systemd's journal has none.
 */
export async function keepJournal(
  lane: Shell,
  artefacts: Pick<CellArtefacts, 'attach' | 'path'>,
): Promise<void> {
  const most = lane.access === 'ssh' ? mostBytes.ssh : mostBytes.serial;
  try {
    const { bytes } = await lane.run(
      `journalctl --boot --no-pager --output=short-monotonic 2>/dev/null | tail -c ${most}`,
      { timeoutSeconds: 30 },
    );
    if (bytes.length === 0) return;
    await writeFile(artefacts.path(file), bytes);
    artefacts.attach('journal', file);
  } catch {
    // The guest is what is broken.
  }
}
