import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../approvals/approval-page-fixture.js';
import { root, scratchFolder } from '../gateway-process.js';
import { SmallBrowser } from './browser.js';
import { openSignInScene, type SignInScene } from './sign-in-scene.js';

let chromium: Browser;
let scene: SignInScene;
const server = scratchFolder();
let amount = 0;

beforeAll(async () => {
  const files = { tools: join(server.path, 'tools.json'), log: join(server.path, 'calls.log') };
  const tools = ['pay', 'wire'].map((name) => ({ name, inputSchema: { type: 'object' } }));
  writeFileSync(files.tools, JSON.stringify(tools));
  const args = [join(root, 'test/fixtures/changing-server.mjs'), '--tools', files.tools, '--log', files.log];
  const config = {
    upstreams: { bank: { command: process.execPath, args } },
    policy: {
      default: 'allow',
      rules: [
        { id: 'money', match: { tools: ['pay'] }, effect: 'ask' },
        { id: 'much', match: { tools: ['wire'] }, effect: 'ask', approval: { quorum: 2 } },
      ],
    },
    approvals: { mode: 'hold', stepUp: true },
  };
  const deputy = { principal: 'deputy', roles: ['agent'], labels: { owner: 'idp/bob' } };
  const ownKey = { principal: 'bobs-key', roles: ['approver'], labels: { owner: 'idp/bob' } };
  const callers = [deputy, ownKey, { principal: 'idp/bob', roles: ['agent'] }];
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
async function held(who = 'agent-a', name = 'pay'): Promise<string> {
  amount += 1;
  const params = { name, arguments: { n: amount } };
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

/** Asks the REST face as whoever has the token. */
async function asked(who: string, path: string, init: { method?: string; body?: object } = {}) {
  const headers = { authorization: `Bearer ${who}-token`, 'content-type': 'application/json' };
  const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
  const response = await fetch(scene.at(path), { method: init.method ?? 'GET', headers, ...body });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function stateOf(hold: string): Promise<string | undefined> {
  return (await asked('root', `/v1/approvals/${hold}`)).body.state;
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

  it('that needs two people is not approved by one with a key and with a sign-in', async () => {
    const hold = await held('agent-a', 'wire');
    const byKey = await asked('bobs-key', `/v1/approvals/${hold}/approve`, { method: 'POST', body: {} });
    expect([byKey.status, byKey.body.state]).toEqual([200, 'pending']);
    const bob = await scene.signedIn('bob');
    await signInAgain(bob, hold);
    expect(await approve(bob, hold)).toEqual([409, 'voted']);
    const ann = await scene.signedIn('ann');
    await signInAgain(ann, hold, 'ann');
    expect(await approve(ann, hold)).toEqual([200, undefined]);
    expect(await stateOf(hold)).toBe('approved');
  });
});

describe('somebody whom a kill switch stops', () => {
  it('answers nothing on the approval page, until it is lifted', async () => {
    const hold = await held();
    const { bind = '' } = (await asked('root', `/v1/approvals/${hold}`)).body;
    const browser = await scene.signedIn('bob');
    const { csrf } = await scene.sessionIn(browser);
    const page = scene.at(`/approve/${hold}`);
    const answer = () => browser.post(page, { action: 'deny', token: String(csrf), bind });
    const order = { scope: 'principal', name: 'idp/bob', reason: 'a test' };
    const kill = await asked('root', '/v1/kill-switches', { method: 'POST', body: order });
    expect(await (await browser.send(page)).text()).toContain('You cannot answer this.');
    const refused = await answer();
    expect([refused.status, await stateOf(hold)]).toEqual([403, 'pending']);
    expect(await refused.text()).toContain('You are stopped yourself');
    expect(await scene.recorded('hold.answer_refused')).toContain(hold);
    await asked('root', `/v1/kill-switches/${kill.body.id}`, { method: 'DELETE' });
    expect([(await answer()).status, await stateOf(hold)]).toEqual([303, 'denied']);
  });
});

describe('what somebody follows who is signed in', () => {
  it('ends with the sign-in, before another call is shown', async () => {
    const browser = await scene.signedIn('bob');
    const copy = new SmallBrowser();
    for (const [name, value] of browser.cookiesOf(scene.at('/')))
      copy.cookiesOf(scene.at('/')).set(name, value);
    const followed = await copy.send(scene.at('/v1/approvals/stream'));
    const body = followed.text();
    const seen = await held();
    const { csrf } = await scene.sessionIn(browser);
    expect((await browser.post(scene.at('/sign-out'), { token: String(csrf) })).status).toBe(303);
    const unseen = await held();
    const text = await body;
    expect([text.includes(seen), text.includes(unseen)]).toEqual([true, false]);
  });
});
