import type { RunEvent } from '../../events.ts';

/** What a recorded run tells of one of its cells, as the events of a run that has no other. */
export function cellEvents(events: readonly RunEvent[], id: string): RunEvent[] {
  const all = events.flatMap((event) => (event.type === 'run-started' ? event.cells : []));
  const image = all.find((cell) => cell.id === id)?.image ?? '';
  const isOfOther = (text: string): boolean =>
    all.some((cell) => cell.id !== id && text.startsWith(`${cell.id}: `));
  return events.flatMap((event): RunEvent[] => {
    if ('cell' in event) return event.cell === id ? [event] : [];
    switch (event.type) {
      case 'run-started': {
        const { shard: _, ...started } = event;
        return [{ ...started, cells: event.cells.filter((cell) => cell.id === id) }];
      }
      case 'digests': {
        const files = event.files.filter(({ path }) => path === image || path.startsWith(`${image}/`));
        return files.length === 0 ? [] : [{ ...event, files }];
      }
      case 'notice':
        return isOfOther(event.text) ? [] : [event];
      case 'archive-opening':
      case 'archive-opened':
        return event.path === image ? [event] : [];
      default:
        return [event];
    }
  });
}
