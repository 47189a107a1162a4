import type { PhaseTracker } from '../../console/signs/phases.ts';

/** Notes when a guest first shows that it lets people in: by a getty's words on serial, or by its SSH server's. */
export function watchReadiness(phases: PhaseTracker, banner: Promise<unknown>) {
  let since: number | undefined;
  const note = (): void => {
    since ??= performance.now();
  };
  banner.then(note, () => {});
  const look = (): void => {
    if (phases.here === 'login') note();
  };
  look();
  return {
    close: phases.onStep(look),
    /** The seconds since then; nothing where it never did. */
    waited: () => (since === undefined ? {} : { waited: (performance.now() - since) / 1000 }),
  };
}
