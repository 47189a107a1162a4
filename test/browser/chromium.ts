import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { expect } from 'vitest';
import { onPath } from '../../harness/machine/process/on-path.ts';

/** Nothing but the page: no sandbox, which root has none of, no look for updates, no graphics. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the host's Chromium. */
export async function startChromium(): Promise<Browser> {
  const executablePath = await onPath('chromium');
  if (executablePath === null) throw new Error('chromium is not on PATH: node test/setup.ts installs it');
  return chromium.launch({ executablePath, args: flags });
}

/** A page on a report, and what it asked for and complained of. */
export interface OpenReport extends AsyncDisposable {
  page: Page;
  /** URLs of all requests but the page's own. */
  requests: string[];
  /** Errors of scripts, and what the content security policy stopped. */
  complaints: string[];
}

/** Opens a report as a person does who got it as a file. */
export async function openReport(
  browser: Browser,
  file: string,
  { hash = '', ...options }: BrowserContextOptions & { hash?: string } = {},
): Promise<OpenReport> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  const url = `${pathToFileURL(file).href}${hash}`;
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) requests.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return {
    page,
    requests,
    complaints,
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** What stands on the terminal of the recording now; waits until that is so. */
export async function untilTerminal(page: Page, shows: RegExp, not?: RegExp): Promise<void> {
  const terminal = page.locator('article.shown .ap-term-text');
  await expect.poll(() => terminal.textContent(), { timeout: 30_000 }).toMatch(shows);
  if (not !== undefined) expect(await terminal.textContent()).not.toMatch(not);
}
