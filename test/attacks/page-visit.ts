import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = process.env.SALLYPORT_CHROMIUM ?? '/usr/bin/chromium';

let browser: Promise<Browser> | undefined;

/** The browser of this machine, started for the first page. Where there is none, cases of pages fail: they are not left out. */
function openBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** A page of the gateway that somebody has open, in a browser of their own. */
export interface PageVisit {
  readonly page: Page;
  /** Every address that the browser asked for. */
  readonly asked: readonly string[];
  /** What the browser said of the page's content policy, and of errors in scripts. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface Visit {
  readonly url: string;
  readonly key: string;
  /** What is filled in and pressed to sign in, and what is seen then. */
  readonly label: string;
  readonly button: string;
  readonly seen: string;
}

/** Opens a page, signs in with a key and waits until what was asked for is seen. */
export async function visitPage({ url, key, label, button, seen }: Visit): Promise<PageVisit> {
  const context: BrowserContext = await (await openBrowser()).newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  await page.getByLabel(label).fill(key);
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.locator(seen).first().waitFor();
  return { page, asked, complaints, close: () => context.close() };
}
