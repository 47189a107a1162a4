/** The HTML report in a real Chromium, used as people do. */
import { copyFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { dir } from 'tmp-promise';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openReport, startChromium, untilTerminal } from './chromium.ts';
import { failedBoot, failedCheck, passed, writeHostileReport, writeReport } from './report.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

async function scratch(): Promise<string> {
  const { path: directory, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  return directory;
}

test('opens from a disk: nothing leaves the page, nothing complains', async () => {
  const out = await scratch();
  await using report = await openReport(browser, writeReport(out), { hash: `#${failedCheck}` });
  const { page, requests, complaints } = report;
  await untilTerminal(page, /no such device/);
  await page.locator('article.shown .screens img').last().scrollIntoViewIfNeeded();
  await expect.poll(() => requests.length).toBeGreaterThan(0);
  // Its pictures lie beside it.
  for (const url of requests) expect(decodeURI(url)).toMatch(new RegExp(`^file://${out}/cells/[^?]+\\.png$`));
  expect(complaints).toEqual([]);
});

test('as a single file it needs nothing beside it', async () => {
  const file = writeReport(await scratch(), { pictures: 'single' });
  const alone = path.join(await scratch(), 'elsewhere.html');
  copyFileSync(file, alone);
  await using report = await openReport(browser, alone, { hash: `#${failedCheck}` });
  const picture = report.page.locator('article.shown .screens img').first();
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  expect(report.requests.filter((url) => !url.startsWith('data:'))).toEqual([]);
});

test('the first screen names cell, phase and cause of each failure, failures first', async () => {
  await using report = await openReport(browser, writeReport(await scratch()));
  const lines = report.page.locator('.failures li');
  expect(await lines.allInnerTexts()).toEqual([
    expect.stringMatching(
      /iso\.x86_64\.uefi\.cdrom\s+in bootloader\s+stuck in GRUB: `error: no such device: gone`/,
    ),
    expect.stringMatching(/qemu-efi\.x86_64\.uefi\.disk\s+sshd\s+sshd let a stranger in/),
  ]);
  for (const line of await lines.all()) {
    const box = await line.boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(800);
  }
});

test('a click on a failure leads to its moment, with the evidence marked', async () => {
  await using report = await openReport(browser, writeReport(await scratch()));
  const { page } = report;
  await page.locator('.failures a').filter({ hasText: failedBoot }).click();
  await expect.poll(() => page.url()).toContain(`#${failedBoot}`);
  // The recording stands where it went wrong, and what came after is not there yet.
  await untilTerminal(page, /error: no such device: gone/, /and after it/);
  const marked = page.locator('article.shown mark.reason');
  expect(await marked.innerText()).toBe('error: no such device: gone');
  expect(await page.locator('article.shown .line.now').innerText()).toContain('no such device');

  await page.goBack();
  await page.locator('.failures a').filter({ hasText: failedCheck }).click();
  await expect.poll(() => page.url()).toContain(`#${failedCheck}/sshd`);
  const check = page.locator(`[id="${failedCheck}/sshd"]`);
  expect(await check.locator('mark').innerText()).toBe('permitemptypasswords yes');
  // In sight: the link went to the check.
  expect((await check.boundingBox())?.y).toBeLessThan(800);
});

test('a link into the report lasts: it opens the check', async () => {
  const file = writeReport(await scratch());
  await using report = await openReport(browser, file, { hash: `#${passed}/sshd` });
  const check = report.page.locator(`[id="${passed}/sshd"]`);
  await expect.poll(() => check.locator('details').getAttribute('open')).not.toBeNull();
  expect(await check.innerText()).toContain('all as promised');
  expect(await report.page.title()).toContain(passed);
});

test('the recording seeks to a line and plays on from there; its text can be selected', async () => {
  await using report = await openReport(browser, writeReport(await scratch()), { hash: `#${failedBoot}` });
  const { page } = report;
  await untilTerminal(page, /no such device/);
  await page.locator('article.shown .console-text .line').filter({ hasText: 'line 2' }).click();
  await untilTerminal(page, /line 2/, /line 3/);
  await page.getByRole('button', { name: 'Play from the beginning' }).click();
  await untilTerminal(page, /line 1/);
  await untilTerminal(page, /and after it/);
  const selected = await page.evaluate(() => {
    const text = document.querySelector('article.shown .ap-term-text');
    if (text !== null) getSelection()?.selectAllChildren(text);
    return String(getSelection());
  });
  expect(selected).toContain('error: no such device: gone');
});

test('one axis: what happened can be picked from the time line and from the list', async () => {
  await using report = await openReport(browser, writeReport(await scratch()), { hash: `#${failedCheck}` });
  const { page } = report;
  const article = page.locator('article.shown');
  const lanes = article.locator('.time-line text.lane');
  await expect
    .poll(() => lanes.allTextContents())
    .toEqual(['Phases', 'Checks', 'Commands', 'Keys', 'Screen', 'Events', 'Console']);
  await article.locator('.time-line .moment.command').first().click();
  const picked = article.locator('.moments button[aria-expanded="true"]');
  expect(await picked.innerText()).toMatch(/0:11\s+command\s+sshd -T/);
  expect(await article.locator('.moments .more:visible').innerText()).toContain('permitemptypasswords yes');
  await picked.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await picked.innerText()).toMatch(/keys\s+i d ret/);
  const cursor = Number.parseFloat((await article.locator('.cursor').getAttribute('x1')) ?? '');
  expect(cursor).toBeCloseTo((12.7 / 20) * 100, 0);
});

test('by keyboard alone: search, open, the failing moment, the next cell, and back', async () => {
  await using report = await openReport(browser, writeReport(await scratch()));
  const { page } = report;
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  await page.keyboard.press('/');
  await page.keyboard.type('grub');
  expect(await page.locator('.found').innerText()).toBe('1 of 3 cells');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe(failedBoot);
  await page.keyboard.press('Enter');
  await untilTerminal(page, /no such device/);
  expect(await focused()).toBe(failedBoot);
  await page.locator('article.shown .line').first().click();
  await untilTerminal(page, /line 0/, /no such device/);
  await page.keyboard.press('f');
  await untilTerminal(page, /no such device/);
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe(failedBoot);

  await page.keyboard.press('/');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  const [first, second] = [await focused(), (await page.keyboard.press('j'), await focused())];
  expect([first, second]).toEqual([failedBoot, failedCheck]);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.locator('article.shown').waitFor();
  await expect.poll(() => page.url()).toContain(`#${failedBoot}`);
  await page.keyboard.press('j');
  await expect.poll(() => page.url()).toContain(`#${failedCheck}`);
  await page.keyboard.press('?');
  expect(await page.getByRole('dialog').innerText()).toContain('the failing moment');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('verdicts filter the matrix', async () => {
  await using report = await openReport(browser, writeReport(await scratch()));
  const { page } = report;
  const shown = page.locator('.matrix tr[data-cell]:visible');
  expect(await shown.count()).toBe(3);
  await page.getByRole('button', { name: 'failed 2' }).click();
  expect(await shown.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-cell')))).toEqual([
    failedBoot,
    failedCheck,
  ]);
  await page.getByRole('button', { name: 'passed 1' }).click();
  expect(await shown.count()).toBe(3);
});

test.each(['', `#${failedCheck}`, `#${failedBoot}`])('fits a screen of 320 pixels: %s', async (hash) => {
  await using report = await openReport(browser, writeReport(await scratch()), {
    hash,
    viewport: { width: 320, height: 640 },
  });
  const { page } = report;
  if (hash !== '') await untilTerminal(page, /no such device/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test('what differs is in sight: which cells, in what, and how', async () => {
  await using report = await openReport(browser, writeReport(await scratch()));
  const { page } = report;
  const fields = page.locator('.matrix a.differs');
  expect(await fields.evaluateAll((all) => all.map((one) => one.getAttribute('title')))).toEqual([
    'from the earlier run in new listening ports and setuid programs',
    'from the earlier run in new listening ports and setuid programs',
    'from the other cells in units; from the earlier run in new listening ports and setuid programs',
  ]);
  await fields.last().click();
  const tables = page.locator('.comparison table');
  await expect
    .poll(() =>
      tables
        .first()
        .boundingBox()
        .then((box) => (box?.y ?? Infinity) < 800),
    )
    .toBe(true);
  expect(await tables.first().locator('td.other').innerText()).toBe('-');
  expect(await page.locator('.comparison h3').allInnerTexts()).toEqual([
    expect.stringMatching(/^warn\s+x86_64 units: qemu\.x86_64\.bios\.disk/),
    expect.stringMatching(/^fail\s+new listening ports and setuid programs/),
  ]);
});

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

test.each([
  ['light', ''],
  ['dark', ''],
  ['light', `#${failedCheck}`],
  ['dark', `#${failedCheck}`],
] as const)('can be read in the %s, and by whoever hears it: %s', async (colorScheme, hash) => {
  await using report = await openReport(browser, writeReport(await scratch()), { hash, colorScheme });
  const { page } = report;
  if (hash !== '') await untilTerminal(page, /no such device/);
  const brightness = await page.evaluate(() => {
    const [red = 0] = (getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    return red;
  });
  expect(brightness > 128).toBe(colorScheme === 'light');
  // Contrast, names, roles and structure; the player's own parts are its makers'.
  await page.evaluate(readFileSync(axe, 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const results = await axe.run({ exclude: [['.ap-wrapper']] });
    return results.violations.map(({ id, nodes }) => ({
      id,
      where: nodes.map(({ html }) => html.slice(0, 200)),
    }));
  });
  expect(violations).toEqual([]);
});

test('says all in text where scripts do not run', async () => {
  await using report = await openReport(browser, writeReport(await scratch()), { javaScriptEnabled: false });
  const text = await report.page.locator('main').textContent();
  for (const told of [
    'sshd let a stranger in',
    'permitemptypasswords yes',
    'error: no such device: gone',
    'QEMU emulator version 10.0.0',
    `sh ${path.dirname(new URL(report.page.url()).pathname)}/cells/${passed}/qemu.sh`,
  ])
    expect(text).toContain(told);
  await report.page.goto(`${report.page.url()}#${failedCheck}/sshd`);
  expect((await report.page.locator(`[id="${failedCheck}/sshd"]`).boundingBox())?.y).toBeLessThan(800);
});

test('nothing that a guest says is ever more than text', async () => {
  const file = writeHostileReport(await scratch());
  await using report = await openReport(browser, file);
  const { page, requests, complaints } = report;
  const links = await page
    .locator('.matrix th a')
    .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  expect(links).toHaveLength(2);
  for (const link of links) {
    await page.evaluate((hash) => (location.hash = hash), link ?? '');
    await page.locator('article.shown .moments li').first().waitFor();
    for (const entry of await page.locator('article.shown .moments button').all())
      await entry.evaluate((button: HTMLButtonElement) => button.click());
    const made = await page.evaluate(() => ({
      owned: 'owned' in window,
      elements: document.querySelectorAll(
        'b[data-owned], iframe, img[src="owned.png"], svg[onload], [onerror], a[href^="javascript:"]',
      ).length,
      scripts: [...document.querySelectorAll('script')].filter(({ type }) => type === '').length,
      titles: document.querySelectorAll('head title').length,
    }));
    expect(made).toEqual({ owned: false, elements: 0, scripts: 3, titles: 1 });
    // It is there to be read.
    expect(await page.locator('article.shown .reason').first().innerText()).toContain(
      '<script>window.owned=1</script>',
    );
  }
  expect(requests.filter((url) => url.includes('owned'))).toEqual([]);
  expect(complaints).toEqual([]);
  const text = readFileSync(file, 'utf8').replace(/<(script|style)>[^]*?<\/\1>/g, '');
  expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]/);
});
