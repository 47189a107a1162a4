import { type PartName, partNames } from '../../harness/inventory.ts';

/** What the guest printed for one part. */
export type Section = { lines: string[] } | { lacks: string } | { unread: string };

const lacksMark = 'lacks: ';

/** Takes the script's output apart; of a part that it does not hold whole it is known why. */
export function readSections(output: string, mark: string): Map<PartName, Section> {
  const sections = new Map<PartName, Section>();
  let open: { name: PartName; lines: string[] } | undefined;
  for (const line of output.split('\n')) {
    if (!line.startsWith(`${mark} `)) {
      if (line !== '') open?.lines.push(line);
      continue;
    }
    const [word = '', status = '', ...said] = line.slice(mark.length + 1).split(' ');
    if (word === 'end' && open !== undefined) {
      sections.set(open.name, close(open.lines, status, said.join(' ')));
      open = undefined;
    } else {
      const name = partNames.find((one) => one === word);
      open = name === undefined || sections.has(name) ? undefined : { name, lines: [] };
    }
  }
  const cut =
    open === undefined ? 'the guest did not tell it' : 'the guest said too much, or ended before it was told';
  for (const name of partNames) if (!sections.has(name)) sections.set(name, { unread: cut });
  return sections;
}

function close(lines: string[], status: string, said: string): Section {
  if (status === '0') return { lines };
  if (said.startsWith(lacksMark)) return { lacks: said.slice(lacksMark.length) };
  return { unread: `exit status ${status}${said === '' ? '' : `: ${said}`}` };
}
