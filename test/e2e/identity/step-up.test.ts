import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../approvals/approval-page-fixture.js';
import { root, scratchFolder } from '../gateway-process.js';
import type { SmallBrowser } from './browser.js';
import { openSignInScene, type SignInScene } from './sign-in-scene.js';

let chromium: Browser;
let scene: SignInScene;
const server = scratchFolder();
let amount = 0;

beforeAll(async () => {
  const files = { tools: join(server.path, 'tools.json'), log: join(server.path, 'calls.log') };
  writeFileSync(files.tools, JSON.stringify([{ name: 'pay', inputSchema: { type: 'object' } }]));
  const args = [join(root, 'test/fixtures/changing-server.mjs'), '--tools', files.tools, '--log', files.log];
  const config = {
    upstreams: { bank: { command: process.execPath, args } },
    policy: { default: 'allow', rules: [{ id: 'money', match: { tools: ['pay'] }, effect: 'ask' }] },
    approvals: { mode: 'hold', stepUp: true },
  };
  const deputy = { principal: 'deputy', roles: ['agent'], labels: { owner: 'idp/bob' } };
  const callers = [deputy, { principal: 'idp/bob', roles: ['agent'] }];
  [chromium, scene] = await Promise.all([openBrowser(), openSignInScene({ config, callers })]);
});
afterEach(async () => {
  for (const context of chromium.contexts()) await context.close();
});
afterAll(async () => {
  await Promise.all([chromium.close(), scene.close()]);
  server.remove();
});

/** A call of its own that waits for a person; the id of its hold. */
async function held(who = 'agent-a'): Promise<string> {
  amount += 1;
  const params = { name: 'pay', arguments: { n: amount } };
  const response = await fetch(scene.at('/mcp'), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${who}-token`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  return /hold_[\w-]+/.exec(await response.text())?.[0] ?? '';
}

async function stateOf(hold: string): Promise<string> {
  const headers = { authorization: 'Bearer root-token' };
  const response = await fetch(scene.at(`/v1/approvals/${hold}`), { headers });
  return ((await response.json()) as { state: string }).state;
}

/** Says yes over REST as a script of a page does; status and code. */
async function approve(browser: SmallBrowser, hold: string, body: object = {}): Promise<[number, unknown]> {
  const { csrf } = await scene.sessionIn(browser);
  const headers = {
    origin: scene.at(''),
    'content-type': 'application/json',
    'sallyport-csrf': String(csrf),
  };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await browser.send(scene.at(`/v1/approvals/${hold}/approve`), init);
  return [response.status, ((await response.json()) as { code?: string }).code];
}

/** Signs in once more for a hold. */
async function signInAgain(browser: SmallBrowser, hold: string, login = 'bob'): Promise<void> {
  const begun = await scene.begun(browser, `/approve/${hold}`, hold);
  const back = await scene.atProvider(browser, begun, login);
  expect((await browser.send(back)).status).toBe(303);
}

/** Says at the provider who they are, and agrees where it asks. */
async function sayWho(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  const agree = page.getByRole('button', { name: 'Continue' });
  const arrived = page.getByText('Signed in as');
  await agree.or(arrived).first().waitFor();
  if (await agree.isVisible()) await agree.click();
  await arrived.waitFor();
}

const yes = (page: Page) => page.getByRole('button', { name: /^Approve exactly/ });

describe('a call of high risk', () => {
  it('is approved on its page by somebody who signs in there, and once more for it', async () => {
    const hold = await held();
    const page = await chromium.newPage();
    await page.goto(scene.at(`/approve/${hold}`));
    await page.getByRole('link', { name: 'Sign in with the identity provider' }).click();
    await sayWho(page, 'bob');
    expect(await page.getByText('Signed in as').textContent()).toBe('Signed in as idp/bob');
    await yes(page).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('sign in again for this call');
    expect(await stateOf(hold)).toBe('pending');
    await page.evaluate(axe.source);
    expect(
      await page.evaluate('axe.run(document).then(({ violations }) => violations.map(({ id }) => id))'),
    ).toEqual([]);
    // The provider knows them, and asks all the same.
    await page.getByRole('link', { name: 'sign in again' }).click();
    await sayWho(page, 'bob');
    await page.getByText('You have signed in again for it').waitFor();
    await yes(page).click();
    await page.getByText('This call is approved').waitFor();
    expect(await stateOf(hold)).toBe('approved');
    expect(await scene.recorded('person.signed_in')).toContain(`"hold":"${hold}"`);
    expect(await scene.recorded('hold.approved')).toContain('"by":"idp/bob"');
  });

  it('is not approved by who is signed in, until they have signed in once more for this one', async () => {
    const [one, other] = [await held(), await held()];
    const browser = await scene.signedIn('bob');
    expect(await approve(browser, one)).toEqual([403, 'step_up']);
    await signInAgain(browser, one);
    expect(await approve(browser, other)).toEqual([403, 'step_up']);
    expect(await approve(browser, one)).toEqual([200, undefined]);
    expect(await stateOf(other)).toBe('pending');
  });

  it('is answered once with it: whatever came of that, the next yes needs it anew', async () => {
    const hold = await held();
    const browser = await scene.signedIn('bob');
    await signInAgain(browser, hold);
    expect(await approve(browser, hold, { bind: 'another' })).toEqual([409, 'changed']);
    expect(await approve(browser, hold)).toEqual([403, 'step_up']);
    const page = await (await browser.send(scene.at(`/approve/${hold}`))).text();
    expect(page).toContain('sign in again');
    expect(page).not.toContain('You have signed in again');
  });

  it('is not approved by another who has signed in for it in the same browser', async () => {
    const hold = await held();
    const browser = await scene.signedIn('bob');
    // The provider has forgotten them.
    browser.cookiesOf(scene.issuer).clear();
    await signInAgain(browser, hold, 'eve');
    expect(await scene.sessionIn(browser)).toMatchObject({ principal: 'idp/eve' });
    expect(await approve(browser, hold)).toEqual([403, 'role_missing']);
    expect(await stateOf(hold)).toBe('pending');
  });

  it.each(['deputy', 'idp/bob'])('of %s is never approved by bob, however they sign in', async (caller) => {
    const hold = await held(caller);
    const browser = await scene.signedIn('bob');
    await signInAgain(browser, hold);
    const page = await (await browser.send(scene.at(`/approve/${hold}`))).text();
    expect(page).toContain('You cannot answer this.');
    expect(await approve(browser, hold)).toEqual([403, 'forbidden']);
    expect(await stateOf(hold)).toBe('pending');
    expect(await scene.recorded('hold.answer_refused')).toContain(hold);
    const other = await scene.signedIn('ann');
    await signInAgain(other, hold, 'ann');
    expect(await approve(other, hold)).toEqual([200, undefined]);
  });
});
