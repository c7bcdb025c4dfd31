// SPDX-License-Identifier: EPL-2.0
// A browser that a test drives: by the commands below (see commands.mjs).
//   {"do":"open","url":".."}                      go there and wait for a heading
//   {"do":"view","width":..,"height":..,"scheme":"light|dark"}
//   {"do":"await","selector":"..","text":"..","timeoutMillis":..}   until the first match holds that text; the milliseconds it took
//   {"do":"text","selector":".."}                 text of all matches
//   {"do":"style","selector":"..","property":".."}
//   {"do":"click","selector":".."} {"do":"type","selector":"..","text":".."} {"do":"press","key":".."}
//   {"do":"focused"}                              the element with the focus, as TAG#id "text"
//   {"do":"download","selector":"..","file":".."} click, and keep what is downloaded
//   {"do":"axe"}                                  what axe-core finds serious or critical
//   {"do":"shot","file":".."}                     a picture of the whole page
//   {"do":"attribute","selector":"..","name":".."}  of all matches; null where there is none
//   {"do":"requests"}                             addresses that were asked for since the last call
//   {"do":"console"}                              errors on the console, refused by the page's own policy or thrown; and dialogs
// Ends with its input. Usage: node browser.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from './commands.mjs';

const TIMEOUT_MILLIS = 15_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Debian's; ALTHING_CHROMIUM names another.
const CHROMIUM = process.env.ALTHING_CHROMIUM
  ?? execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
const profile = mkdtempSync(join(tmpdir(), 'althing-browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: CHROMIUM,
  headless: true,
  ignoreHTTPSErrors: true, // Tests make their own certificates.
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const page = context.pages()[0] ?? await context.newPage();
page.setDefaultTimeout(TIMEOUT_MILLIS);
const complaints = [];
page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
page.on('pageerror', (error) => complaints.push(String(error)));
page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
const requests = [];
context.on('request', (request) => requests.push(request.url()));

const commands = {
  async open({ url }) {
    await page.goto(url, { waitUntil: 'load' });
    await page.locator('main h1').first().waitFor();
  },
  async view({ width, height, scheme }) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
  },
  async await({ selector, text, timeoutMillis }) {
    const start = performance.now();
    await page.locator(selector).filter({ hasText: text }).first().waitFor({ state: 'attached', timeout: timeoutMillis });
    return Math.round(performance.now() - start);
  },
  text: ({ selector }) => page.locator(selector).allInnerTexts(),
  attribute: ({ selector, name }) => page.locator(selector)
    .evaluateAll((elements, each) => elements.map((element) => element.getAttribute(each)), name),
  requests: () => requests.splice(0),
  style: ({ selector, property }) => page.locator(selector).first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property),
  click: ({ selector }) => page.locator(selector).first().click(),
  type: ({ selector, text }) => page.locator(selector).first().fill(text),
  press: ({ key }) => page.keyboard.press(key),
  focused: () => page.evaluate(() => {
    const element = document.activeElement;
    return `${element.tagName}${element.id ? `#${element.id}` : ''} "${(element.innerText ?? '').slice(0, 60)}"`;
  }),
  async download({ selector, file }) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(selector).first().click()]);
    await download.saveAs(file);
    return download.suggestedFilename();
  },
  async axe() {
    // Through the debugger, not as a script of the page, whose policy refuses foreign scripts.
    const session = await context.newCDPSession(page);
    await session.send('Runtime.enable');
    await session.send('Runtime.evaluate', { expression: `${AXE};0` });
    const { result } = await session.send('Runtime.evaluate', {
      expression: 'axe.run().then((r) => JSON.stringify(r.violations'
        + '.filter((v) => ["serious", "critical"].includes(v.impact))'
        + '.map((v) => `${v.id}: ${v.help} at ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)))',
      awaitPromise: true,
      returnByValue: true,
    });
    return JSON.parse(result.value);
  },
  shot: ({ file }) => page.screenshot({ path: file, fullPage: true }).then(() => file),
  console: () => complaints.splice(0),
};

await serve(commands);
await context.close();
rmSync(profile, { recursive: true, force: true });
