/** What is done to a unit: systemd src/core/job.c, job_type_to_string. */
const types = '[a-z-]{3,15}';

/**
 * How systemd tells on the console of a job that takes long (src/core/manager.c, manager_print_jobs_in_progress), where
 * StatusUnitFormat is `description`, and where it is `name` or `combined`.
 */
const described = (type: string): string => String.raw`\bA ${type} job is running for (.+?)(?: \(|\r?$)`;
const named = (type: string): string => String.raw`\bJob (\S+)/${type} running(?= \(|\r?$)`;
/** A narrow console has `…` in the middle, which may take what is done; the stars before it are there all the same. */
const cut = String.raw`^\[[ *]{6}\] (?!.*/${types} running)(?:\(\d+ of \d+\) )?Job ([^\s/…]+…)`;

/** Such a line; its groups have what the job is for. */
export const runningJobPattern = new RegExp([described(types), named(types), cut].join('|'));

const byDescription = new RegExp(described(`(${types})`));
const byName = new RegExp(named(`(${types})`));
const byHalfAName = new RegExp(cut);

/** A job that systemd waits for. */
export interface RunningJob {
  /** The unit's name or its description. */
  what: string;
  /** What is done to it, e.g. `start`; null where the console was too narrow to say. */
  type: string | null;
}

/** Reads systemd's line on a job that takes long; null for every other line. */
export function runningJob(line: string): RunningJob | null {
  const [, describedType = null, description] = byDescription.exec(line) ?? [];
  if (description !== undefined) return { what: description, type: describedType };
  const [, name, namedType = null] = byName.exec(line) ?? [];
  if (name !== undefined) return { what: name, type: namedType };
  const [, half] = byHalfAName.exec(line) ?? [];
  return half === undefined ? null : { what: half, type: null };
}
