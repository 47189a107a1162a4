import type { CheckResult, Verdict } from '../../events.ts';
import { excerpt, forXml, lineForXml } from '../terminal/clean.ts';
import { evidenceText } from '../record/evidence.ts';
import type { EarlierAttempt } from './junit-extend.ts';
import type { Attachment, Attempt, CellRecord } from '../record/record.ts';
import { hasMachine, lastAttempt, secondsToAccess } from '../record/record.ts';

/** A test case as JUnit tells it; every text is clean. */
export interface ReportedCase {
  name: string;
  seconds: number;
  verdict: Verdict;
  /** The stable code of the error that ended it; null where none did. */
  code: string | null;
  /** One sentence; empty when passed. */
  message: string;
  /** What was seen. */
  body: string;
  output: string;
  /** Attempts before the last one that did not pass, the oldest first. */
  earlier: EarlierAttempt[];
}

/** Bounds of one case's text: reports are read in a browser, the whole log is attached. */
const size = { lines: 200, columns: 500 };

/** The cases of a cell, each name once: GitLab drops a second case of the same name. */
export function casesOf(cell: CellRecord, attachmentPath: (path: string) => string): ReportedCase[] {
  const attachments = attachmentLines(cell, attachmentPath);
  const names = new Map<string, number>();
  const checks = cell.checks.map((check) => {
    const times = (names.get(check.name) ?? 0) + 1;
    names.set(check.name, times);
    return checkCase(cell, check, times, attachments);
  });
  // What has no machine does not boot; where no check was run the whole is told in its place.
  if (!hasMachine(cell) && checks.length > 0) return checks;
  return [bootCase(cell, checks, attachments), ...checks];
}

/** Did it boot, up to a proven way in? What no check explains of the cell's verdict is told here too. */
function bootCase(cell: CellRecord, checks: ReportedCase[], attachments: string): ReportedCase {
  const explained = checks.some(isBroken);
  const told = cell.verdict === 'skipped' || !explained || cell.access === null;
  const verdict = told ? cell.verdict : 'passed';
  const body = excerpt(forXml(bootBody(cell)), size);
  return {
    name: hasMachine(cell) ? 'boot' : 'files',
    seconds: secondsToAccess(cell) ?? cell.seconds,
    verdict,
    code: told ? cell.code : null,
    message: told ? lineForXml(cell.reason) : '',
    body,
    output: verdict === 'known' ? outputOf(verdict, body, attachments) : attachments,
    earlier: earlierAttempts(cell).flatMap((attempt) => earlierBoot(attempt)),
  };
}

function bootBody({ reason, evidence, attachments, ...cell }: CellRecord): string {
  const phases =
    lastAttempt(cell)?.phases.map(({ phase, seconds }) => `${seconds.toFixed(1)} s ${phase}`) ?? [];
  const seen = phases.length > 0 ? `Phases seen: ${phases.join(', ')}` : 'No phase was seen.';
  const shown = attachments.flatMap(({ path, shows }) =>
    shows === undefined ? [] : `${path} shows: ${shows}`,
  );
  const told = lastAttempt(cell)?.explanation;
  const explained = told == null ? [] : [told.sentence, told.evidence];
  return [reason, seen, ...shown, evidence, ...explained].filter(Boolean).join('\n\n');
}

function checkCase(cell: CellRecord, check: CheckResult, times: number, attachments: string): ReportedCase {
  const evidence = excerpt(forXml(evidenceText(check.evidence)), size);
  return {
    name: lineForXml(times === 1 ? check.name : `${check.name} (${times})`),
    seconds: check.seconds,
    verdict: check.verdict,
    code: check.code ?? null,
    message: lineForXml(check.reason),
    body: evidence || lineForXml(check.reason),
    // A case that is passed over has no body: what was seen goes beside the files.
    output:
      check.verdict === 'known' ? `${evidence}\n${attachments}` : isBroken(check) ? attachments : evidence,
    earlier: times === 1 ? earlierAttempts(cell).flatMap((attempt) => earlierCheck(attempt, check.name)) : [],
  };
}

/** A case that is passed over has no body: what was seen goes beside the files. */
function outputOf(verdict: Verdict, seen: string, attachments: string): string {
  if (verdict === 'known') return [seen, attachments].filter(Boolean).join('\n');
  return isBroken({ verdict }) ? attachments : seen;
}

const earlierAttempts = (cell: CellRecord): Attempt[] => cell.attempts.slice(0, -1);

/** What no check of that attempt explains. */
function earlierBoot({ number, checks, finished }: Attempt): EarlierAttempt[] {
  if (checks.some(isBroken)) return [];
  const { verdict = 'error', code = null, reason = '', evidence = '' } = finished ?? {};
  const message = lineForXml(`attempt ${number}: ${reason}`);
  return [{ verdict, code, message, body: excerpt(forXml(evidence || reason), size) }];
}

function earlierCheck({ number, checks }: Attempt, name: string): EarlierAttempt[] {
  return checks
    .filter((check) => check.name === name && isBroken(check))
    .map(({ verdict, code = null, reason, evidence }) => ({
      verdict,
      code,
      message: lineForXml(`attempt ${number}: ${reason}`),
      body: excerpt(forXml(evidenceText(evidence)), size),
    }));
}

const isBroken = ({ verdict }: { verdict: Verdict }): boolean =>
  verdict === 'failed' || verdict === 'error' || verdict === 'known';

/** The last attempt's pictures first: GitLab shows the first attachment only. Jenkins takes all of them. */
function attachmentLines({ attachments }: CellRecord, attachmentPath: (path: string) => string): string {
  const rank = ({ path, attempt, detail }: Attachment): number =>
    (attempt === undefined ? 0 : 3) + (detail === true ? 2 : path.endsWith('.png') ? 0 : 1);
  return attachments
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ path }) => `[[ATTACHMENT|${lineForXml(attachmentPath(path))}]]`)
    .join('\n');
}
