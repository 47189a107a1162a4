import type { Guest } from '../../harness/console/guest.ts';
import { HostError } from '../../harness/errors.ts';

/** Pulls the medium while `work` runs; it is back afterwards, whatever came of it. */
export async function withoutMedium<Result>(guest: Guest, work: () => Promise<Result>): Promise<Result> {
  const { medium } = guest;
  if (medium === undefined)
    throw new HostError('no-medium', 'the machine has no disc or stick that could be pulled');
  await medium.pull();
  guest.note({ action: `pull the ${medium.kind}`, observed: 'gone' });
  try {
    return await work();
  } finally {
    await medium.putBack();
    guest.note({ action: `put the ${medium.kind} back`, observed: 'there again' });
  }
}
