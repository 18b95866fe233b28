import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { ApprovalScene, Person } from './approval-scene.js';

const executablePath = process.env.SALLYPORT_CHROMIUM ?? '/usr/bin/chromium';

/** The browser of this machine. Where there is none, tests of pages fail: they are not left out. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses that the browser asked for. */
  readonly asked: string[];
}

/** A browser of its own, in which somebody opens the page of a hold and signs in. */
export async function visit(
  browser: Browser,
  scene: ApprovalScene,
  { who, hold }: { who: Person; hold: string },
): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${scene.url}/approve/${hold}`);
  await page.getByLabel('Key of an approver').fill(`${who}-token`);
  const answered = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await answered;
  return { page, context, asked };
}
