import { runningJob } from '../../harness/console/signs/running-job.ts';

/** A line of `systemctl list-jobs`: number, unit, what is done to it, and whether that has begun. */
const listed = /^\s*\d+\s+(\S+)\s+stop\s+running\r?$/gm;

/** What is not done with being stopped, as systemd calls it: the last that was told. Empty where nothing is known. */
export function stopJobs({ console, jobs }: { console: string; jobs: string }): string[] {
  const told = [...jobs.matchAll(listed)].flatMap(([, unit]) => unit ?? []);
  if (told.length > 0) return told;
  const shown = console.split('\n').flatMap((line) => runningJob(line) ?? []);
  // What a narrow console has no room for is what is done: while a machine goes down that is to stop.
  const stopping = shown.filter(({ type }) => type === 'stop' || type === null);
  return stopping.slice(-1).map(({ what }) => what);
}
