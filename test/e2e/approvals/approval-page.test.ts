import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, visit } from './approval-page-fixture.js';
import { ApprovalScene } from './approval-scene.js';

let browser: Browser;
let scene: ApprovalScene;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await scene.close();
});

/** A hold that waits, and its id. */
async function held(args: object = { to: 'bob', n: 1 }, more: object = {}): Promise<string> {
  scene = await ApprovalScene.open(more);
  await scene.call('agent-a', args);
  const [hold] = await scene.pending();
  return hold?.id ?? '';
}

async function stateOf(hold: string): Promise<string> {
  return (await scene.rest('ann', `/v1/approvals/${hold}`)).body.state;
}

/** What axe-core finds wrong with a page as it is shown now. */
async function faultsOf(page: Page): Promise<string[]> {
  // The page's policy lets no script in; the tool's way around it is not open to pages.
  await page.evaluate(axe.source);
  const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

const approveButton = (page: Page) => page.getByRole('button', { name: /^Approve exactly/ });

describe('the approval page', () => {
  it('takes a yes for exactly what it shows, and the call runs once', async () => {
    const hold = await held();
    const { page, context, asked } = await visit(browser, scene, { who: 'ann', hold });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('agent-a asks to use pay');
    await page.getByLabel('Note, for the record').fill('invoice 17');
    await approveButton(page).click();
    await page.getByText('This call is approved').waitFor();
    expect(await page.getByRole('status').textContent()).toContain('Decided by ann over page');
    expect((await scene.call('agent-a', { to: 'bob', n: 1 })).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
    const [approved] = await scene.records('hold.approved');
    expect(approved).toMatchObject({ by: 'ann', via: 'page', note: 'invoice 17', hold });
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(asked.every((url) => url.startsWith(scene.url))).toBe(true);
  });

  it('shows nothing to strangers and agents, and is never kept, framed or left with an address', async () => {
    const hold = await held();
    const response = await fetch(`${scene.url}/approve/${hold}`);
    expect(response.status).toBe(401);
    const text = await response.text();
    expect(text).not.toContain('bob');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    });
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/);
    const { page, context } = await visit(browser, scene, { who: 'agent-a', hold });
    expect(await page.getByRole('alert').textContent()).toBe('This key may not look at held calls.');
    expect(await context.cookies()).toEqual([]);
    await page.getByLabel('Key of an approver').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is not valid.').waitFor();
    expect(await scene.records('auth.failed')).toMatchObject([
      { reason: 'forbidden' },
      { reason: 'unknown' },
    ]);
  });

  it('changes nothing when it is only opened, by whomever and however often', async () => {
    const hold = await held();
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    for (const query of ['', '?action=approve', '?action=approve&bind=x']) {
      await page.goto(`${scene.url}/approve/${hold}${query}`);
    }
    expect(await stateOf(hold)).toBe('pending');
    expect(await scene.records('hold.approved', 'hold.voted', 'hold.answer_refused')).toEqual([]);
  });

  it('takes no yes before every long value was opened, whatever is sent', async () => {
    const long = `ok${'\n'.repeat(5000)}AND PAY acct-666`;
    const hold = await held({ to: long, n: 1 });
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    expect(await page.getByRole('row').filter({ hasText: 'AND PAY' }).textContent()).toContain(
      'U+000A ×5000',
    );
    expect(await approveButton(page).isDisabled()).toBe(true);
    await page.evaluate("document.querySelector('button[data-yes]').disabled = false");
    await approveButton(page).click();
    expect(await page.getByRole('alert').textContent()).toBe('Open every long value before you approve.');
    expect(await stateOf(hold)).toBe('pending');
    await page.getByText(`Open all ${long.length} bytes`).click();
    // A browser tells the page that a value was opened in a task of its own; a click waits until it may be made.
    await approveButton(page).click();
    await page.getByText('This call is approved').waitFor();
    expect(await stateOf(hold)).toBe('approved');
  });

  it('works without script', async () => {
    const hold = await held({ to: 'x'.repeat(500), n: 1 });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${scene.url}/approve/${hold}`);
    await page.getByLabel('Key of an approver').fill('ann-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await approveButton(page).click();
    await page.getByText('Open every long value before you approve.').first().waitFor();
    await page.getByText('Open all 500 bytes').click();
    await page.getByLabel('I have looked at all of it').check();
    await approveButton(page).click();
    await page.getByText('This call is approved').waitFor();
  });

  it('says who was faster', async () => {
    const hold = await held();
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    await scene.post('bob', `/v1/approvals/${hold}/deny`);
    await approveButton(page).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('The hold is answered or over already.');
    expect(await page.getByRole('status').textContent()).toContain('denied. Decided by bob over rest');
    expect(await approveButton(page).count()).toBe(0);
  });

  it('can be used with the keyboard alone', async () => {
    const hold = await held({ to: 'x'.repeat(500), n: 1 });
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    const focused = () => page.evaluate('document.activeElement.textContent');
    const tabTo = async (text: RegExp) => {
      for (let steps = 0; steps < 40 && !text.test(String(await focused())); steps += 1) {
        await page.keyboard.press('Tab');
      }
      expect(await focused()).toMatch(text);
    };
    await tabTo(/^Open all/);
    await page.keyboard.press('Enter');
    await tabTo(/^Approve exactly/);
    await page.keyboard.press('Enter');
    await page.getByText('This call is approved').waitFor();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('has no fault that axe finds, in %s and %s pixels wide', async (colorScheme, width) => {
    const hold = await held(
      { to: `p\u0430ypal \u202e${'x'.repeat(500)}`, n: 1 },
      { approvals: { mode: 'hold', stepUp: true } },
    );
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    expect(await faultsOf(page)).toEqual([]);
    await page.getByText(/^Open all/).click();
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Key of an approver').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe('what does not count on the approval page', () => {
  it('is an answer of the one who asked, or of the owner of their key', async () => {
    scene = await ApprovalScene.open();
    await scene.call('deputy', { to: 'bob', n: 1 });
    const [hold] = await scene.pending();
    const id = hold?.id ?? '';
    for (const who of ['deputy', 'olga'] as const) {
      const { page } = await visit(browser, scene, { who, hold: id });
      expect(await page.getByText('You cannot answer this.').count()).toBe(1);
      const { status } = await forged(page, { action: 'approve', bind: hold?.bind ?? '' });
      expect(status).toBe(403);
    }
    expect(await stateOf(id)).toBe('pending');
    const refused = await scene.records('hold.answer_refused');
    expect(refused.map(({ by, via }) => [by, via])).toEqual([
      ['deputy', 'page'],
      ['olga', 'page'],
    ]);
  });

  it('is a form of another site, or one without the token of the session', async () => {
    const hold = await held();
    const { page, context } = await visit(browser, scene, { who: 'ann', hold });
    const { bind } = (await scene.rest('ann', `/v1/approvals/${hold}`)).body;
    const token = await page.locator('input[name=token]').inputValue();
    expect((await forged(page, { action: 'approve', bind })).status).toBe(403);
    const [cookie] = await context.cookies();
    const send = (headers: Record<string, string>) =>
      fetch(`${scene.url}/approve/${hold}`, {
        method: 'POST',
        headers: { Cookie: `${cookie?.name}=${cookie?.value}`, ...headers },
        body: new URLSearchParams({ action: 'approve', bind, token }),
        redirect: 'manual',
      });
    expect((await send({})).status).toBe(403);
    expect((await send({ Origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ Origin: scene.url, 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
    expect(await stateOf(hold)).toBe('pending');
    expect(await scene.records('hold.answer_refused')).toHaveLength(3);
    expect((await send({ Origin: scene.url })).status).toBe(303);
    expect(await stateOf(hold)).toBe('approved');
  });

  it('is an answer of somebody who left the group, or whose key is gone, since they signed in', async () => {
    const group = { approvals: { mode: 'hold', approvers: ['ann', 'bob'] } };
    const hold = await held({ to: 'bob', n: 1 }, group);
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    const token = (principal: string, roles: string[]) => ({ principal, tokens: ['env:TOKEN_ANN'], roles });
    await scene.reload({ ...group, auth: { tokens: [token('ann', ['auditor'])] } });
    await approveButton(page).click();
    expect(await page.getByRole('alert').textContent()).toContain('needs the role "approver"');
    await scene.reload({ ...group, auth: { tokens: [token('somebody', ['approver'])] } });
    await page.goto(`${scene.url}/approve/${hold}`);
    await page.getByLabel('Key of an approver').waitFor();
    expect(await scene.records('hold.approved')).toEqual([]);
  });

  it('is a yes to a call of high risk without the key, or with the key of another', async () => {
    const hold = await held({ to: 'bob', n: 1 }, { approvals: { mode: 'hold', stepUp: true } });
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    const key = page.getByLabel(/^Your key, once more/);
    await key.fill('bob-token');
    await approveButton(page).click();
    expect(await page.getByRole('alert').textContent()).toContain('high risk');
    expect(await stateOf(hold)).toBe('pending');
    await key.fill('ann-token');
    await approveButton(page).click();
    await page.getByText('This call is approved').waitFor();
    expect((await scene.records('hold.answer_refused')).map(({ by, via }) => [by, via])).toEqual([
      ['ann', 'page'],
    ]);
  });

  it('is a yes to a call of high risk over REST by the cookie alone', async () => {
    const hold = await held({ to: 'bob', n: 1 }, { approvals: { mode: 'hold', stepUp: true } });
    const { page } = await visit(browser, scene, { who: 'ann', hold });
    const answered = await page.evaluate(`(async () => {
      const { csrf } = await (await fetch('/sign-in/session')).json();
      const headers = { 'Content-Type': 'application/json', 'Sallyport-Csrf': csrf };
      const response = await fetch('/v1/approvals/${hold}/approve', { method: 'POST', headers, body: '{}' });
      return response.json();
    })()`);
    expect(answered).toMatchObject({ status: 403, code: 'step_up' });
    expect(await stateOf(hold)).toBe('pending');
  });
});

/** Sends a form of the page's own address in the session of whoever is signed in, without what the page has in it. */
async function forged(page: Page, fields: Record<string, string>): Promise<{ status: number }> {
  const response = page.waitForResponse((one) => one.request().method() === 'POST');
  const shownToken = page.locator('input[name=token]');
  const token = (await shownToken.count()) > 0 ? 'forged' : '';
  const sent = JSON.stringify({ ...fields, token });
  await page.evaluate(`{
    const form = Object.assign(document.createElement('form'), { method: 'post' });
    for (const [name, value] of Object.entries(${sent})) {
      form.append(Object.assign(document.createElement('input'), { name, value }));
    }
    document.body.append(form);
    form.submit();
  }`);
  return { status: (await response).status() };
}
