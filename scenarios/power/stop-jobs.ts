/** systemd's words on the console for what it waits for while it goes down (src/core/manager.c, manager_print_jobs_in_progress). */
const onConsole = /\b(?:A stop job is running for (.+?)|Job (\S+)\/stop running)(?: \(|\r?$)/gm;
/** A line of `systemctl list-jobs`: number, unit, what is done to it, and whether that has begun. */
const listed = /^\s*\d+\s+(\S+)\s+stop\s+running\r?$/gm;

/** What is not done with being stopped, as systemd calls it: the last that was told. Empty where nothing is known. */
export function stopJobs({ console, jobs }: { console: string; jobs: string }): string[] {
  const told = [...jobs.matchAll(listed)].flatMap(([, unit]) => unit ?? []);
  if (told.length > 0) return told;
  const shown = [...console.matchAll(onConsole)].flatMap(([, what, unit]) => what ?? unit ?? []);
  return shown.slice(-1);
}
