import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallBrowser } from './browser.js';
import { openSignInScene, type SignInScene } from './sign-in-scene.js';

let scene: SignInScene;
beforeAll(async () => {
  scene = await openSignInScene();
});
afterAll(() => scene.close());

const at = (path: string) => scene.at(path);
const atProvider = (browser: SmallBrowser, from: string, login: string) =>
  scene.atProvider(browser, from, login);
const begun = (browser: SmallBrowser, back?: string) => scene.begun(browser, back);
const signedIn = (login: string, back?: string) => scene.signedIn(login, back);
const sessionIn = (browser: SmallBrowser) => scene.sessionIn(browser);
const recorded = (type: string) => scene.recorded(type);

const kill = { scope: 'tool', name: 'nothing', reason: 'a test' };

describe('somebody who signs in at a real provider', () => {
  it('is who the provider says, with the roles that the claims give, on the console, over REST and on the page', async () => {
    const browser = await signedIn('ann', '/approve/none');
    expect(await sessionIn(browser)).toMatchObject({
      signed_in: true,
      principal: 'idp/ann',
      roles: ['operator', 'approver'],
      issuer: scene.issuer,
    });
    expect((await browser.send(at('/v1/upstreams'))).status).toBe(200);
    // There is no such hold, and somebody without a session would be asked to sign in.
    expect((await browser.send(at('/approve/none'))).status).toBe(404);
    expect(await recorded('person.signed_in')).toContain('"principal":"idp/ann"');
  });

  it('holds a cookie that no script reads and nothing of theirs can be read from', async () => {
    const browser = new SmallBrowser();
    const callback = await atProvider(browser, await begun(browser), 'ann');
    const lines = (await browser.send(callback)).headers.getSetCookie();
    const line = lines.find((one) => one.startsWith('sallyport=s1.'));
    expect(line).toMatch(/; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(line).not.toMatch(/Secure|ann/);
  });

  it('without a role sees nothing: 403', async () => {
    const browser = await signedIn('eve');
    const response = await browser.send(at('/v1/upstreams'));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'role_missing' });
  });

  it('is nobody to agents: /mcp does not look at cookies', async () => {
    const browser = await signedIn('ann');
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const init = { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' };
    expect((await browser.send(at('/mcp'), init)).status).toBe(401);
  });

  it('changes things from pages of the gateway with the token of the session, and else not: 403, on record', async () => {
    const browser = await signedIn('ann');
    const { csrf } = await sessionIn(browser);
    const change = (headers: Record<string, string>) =>
      browser.send(at('/v1/kill-switches'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(kill),
      });
    const token = { 'sallyport-csrf': String(csrf) };
    const origin = { origin: at('') };
    const wrong = [
      {},
      token,
      origin,
      { ...origin, 'sallyport-csrf': 'guessed' },
      { ...token, origin: 'http://evil.example' },
      { ...token, ...origin, 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of wrong) expect((await change(headers as Record<string, string>)).status).toBe(403);
    expect(await recorded('auth.failed')).toContain('cookie: not from a page of this gateway');
    expect((await change({ ...origin, ...token })).status).toBeLessThan(300);
    expect(await recorded('kill.thrown')).toContain('"by":"idp/ann"');
  });
});

describe('a sign-in that is not the one that was begun', () => {
  it.each(['state', 'iss', 'code'])('does not count with another %s', async (name) => {
    const browser = new SmallBrowser();
    const callback = new URL(await atProvider(browser, await begun(browser), 'ann'));
    callback.searchParams.set(name, 'other');
    expect((await browser.send(callback.href)).status).toBe(403);
    expect(await sessionIn(browser)).toEqual({ signed_in: false, issuer: scene.issuer });
  });

  it('does not count with an ID token for another nonce, or a code for another verifier', async () => {
    for (const [name, value] of [
      ['nonce', 'other'],
      ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
    ] as const) {
      const browser = new SmallBrowser();
      const url = new URL(await begun(browser));
      url.searchParams.set(name, value);
      const callback = await atProvider(browser, url.href, 'ann');
      expect((await browser.send(callback)).status, name).toBe(403);
      expect((await browser.send(at('/v1/upstreams'))).status).toBe(401);
    }
  });

  it('does not count a second time, nor in another browser', async () => {
    const browser = new SmallBrowser();
    const callback = await atProvider(browser, await begun(browser), 'ann');
    const before = [...browser.cookiesOf(callback)];
    expect((await new SmallBrowser().send(callback)).status).toBe(400);
    expect((await browser.send(callback)).status).toBe(303);
    const replay = new SmallBrowser();
    for (const [cookie, value] of before) replay.cookiesOf(callback).set(cookie, value);
    expect((await replay.send(callback)).status).toBe(400);
    expect(await recorded('auth.failed')).toContain('sign-in: this way back was used before');
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/console/..//evil.example',
    '/console/%2e%2e/v1',
    '/v1/keys',
    '/consoles',
  ])('leads nowhere else: %s', async (back) => {
    expect(
      (await fetch(at(`/sign-in?return=${encodeURIComponent(back)}`), { redirect: 'manual' })).status,
    ).toBe(400);
    const form = { key: 'root-token', return: back };
    expect((await new SmallBrowser().post(at('/sign-in'), form)).status).toBe(400);
  });
});

describe('somebody who signs in with a key', () => {
  it('is who the key is for, from a form of the gateway only', async () => {
    const browser = new SmallBrowser();
    const form = { key: 'root-token', return: '/console' };
    const evil = { origin: 'http://evil.example' };
    expect((await browser.post(at('/sign-in'), form, evil)).status).toBe(403);
    expect((await browser.post(at('/sign-in'), { ...form, key: 'wrong' })).status).toBe(401);
    expect((await browser.post(at('/sign-in'), form)).status).toBe(303);
    expect(await sessionIn(browser)).toMatchObject({ principal: 'root', roles: ['admin'] });
    expect((await browser.send(at('/v1/principals'))).status).toBe(200);
  });
});

describe('the end of a sign-in', () => {
  it('is a sign-out from its own pages, for every copy of the cookie', async () => {
    const browser = await signedIn('ann');
    const copy = new SmallBrowser();
    for (const [cookie, value] of browser.cookiesOf(at('/'))) copy.cookiesOf(at('/')).set(cookie, value);
    const { csrf } = await sessionIn(browser);
    expect((await browser.post(at('/sign-out'), { token: 'guessed' })).status).toBe(403);
    expect((await copy.send(at('/v1/upstreams'))).status).toBe(200);
    expect((await browser.post(at('/sign-out'), { token: String(csrf) })).status).toBe(303);
    expect(browser.cookiesOf(at('/')).has('sallyport')).toBe(false);
    expect((await copy.send(at('/v1/upstreams'))).status).toBe(401);
    expect(await recorded('person.signed_out')).toContain('"by":"idp/ann"');
  });

  it('is what an operator says, in every browser of a person', async () => {
    const browsers = [await signedIn('ann'), await signedIn('ann')];
    const ask = (token: string) =>
      fetch(at('/v1/sign-ins/end'), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"principal":"idp/ann"}',
      });
    expect((await ask('agent-a-token')).status).toBe(403);
    const answer = (await (await ask('root-token')).json()) as { ended: number };
    expect(answer.ended).toBeGreaterThanOrEqual(2);
    for (const browser of browsers) expect((await browser.send(at('/v1/upstreams'))).status).toBe(401);
    expect(await recorded('person.signed_out')).toContain('"by":"root"');
  });
});
