import { nearest } from '../../did-you-mean.ts';
import { UsageError } from '../../errors.ts';
import { commands } from '../commands/index.ts';
import type { Options } from '../options/options.ts';

/**
 * Refuses a first filter that is a slip of a command, before the reference images are built for it. Their ids are known and
 * have no such word; among images of somebody's own it may be the part of a name.
 * @throws UsageError `unknown-command`
 */
export function refuseMeantCommand({ filters: [first = ''], images, flakes }: Options): void {
  if (images.length > 0 || flakes.length > 0) return;
  const meant = nearest(first, Object.keys(commands));
  if (meant === undefined) return;
  throw new UsageError(
    'unknown-command',
    `'${first}' is no command, and no cell of the reference images has it in its id; did you mean '${meant}'?`,
  );
}
