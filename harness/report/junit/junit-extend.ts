/** What JUnit's readers know and junit-report-builder has no word for. */
import type { TestCase, TestSuite } from 'junit-report-builder';
import { harnessDefect, type Verdict } from '../../events.ts';

type Element = ReturnType<TestCase['build']>;

/** Changes the element of a case or suite after the builder has built it, before it becomes text. */
function extend(node: TestCase | TestSuite, change: (element: Element) => void): void {
  const build = node.build.bind(node);
  node.build = (parent: Element) => {
    const element = build(parent);
    change(element);
    return element;
  };
}

/** Seconds with three decimals; the builder takes a number, which loses its zeros. */
export function setTime(node: TestCase | TestSuite, seconds: number): void {
  extend(node, (element) => {
    element.att('time', seconds.toFixed(3));
  });
}

/** Skips a case with the reason as its message. */
export function skipBecause(testCase: TestCase, message: string): void {
  testCase.skipped();
  extend(testCase, (element) => {
    const skipped = element.children.find((child) => (child as Element).name === 'skipped');
    skipped?.att('message', message);
  });
}

/** Without the number of skipped cases in all, which the builder writes and the xUnit plugin of Jenkins refuses. */
export const withoutSkippedOfAll = (xml: string): string =>
  xml.replace(/^(<testsuites [^>]*?) skipped="\d+"/m, '$1');

/** Whose fault it was, as `type` of a failure or an error. */
export function culprit({ verdict, code }: { verdict: Verdict; code: string | null }): string {
  if (verdict !== 'error') return 'guest';
  return code === harnessDefect ? 'harness' : 'host';
}

export interface EarlierAttempt {
  verdict: Verdict;
  code: string | null;
  message: string;
  body: string;
}

/**
 * An earlier attempt at a case that did not pass, in Surefire's elements: `flaky…` before a pass, `rerun…` otherwise
 * (https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd).
 */
export function addEarlierAttempt(testCase: TestCase, last: Verdict, earlier: EarlierAttempt): void {
  const outcome = last === 'passed' || last === 'flaky' ? 'flaky' : 'rerun';
  const kind = earlier.verdict === 'error' ? 'Error' : 'Failure';
  const type = culprit(earlier);
  extend(testCase, (element) => {
    const attempt = element.ele(`${outcome}${kind}`, { message: earlier.message, type });
    attempt.ele('stackTrace').cdata(earlier.body);
  });
}
