import { createHmac } from 'node:crypto';
import { generateKeyPair, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort, type GatewayProcess, sallyport, scratchFolder, startGateway } from '../gateway-process.js';
import { SmallBrowser } from './browser.js';
import { answerWith, FalseProvider, type IdToken, type TokenAnswer } from './false-provider.js';

const secret = 'console-secret-console-secret-console';
const folder = scratchFolder();
let provider: FalseProvider;
let gateway: GatewayProcess;
let browser: SmallBrowser;

beforeAll(async () => {
  provider = await new FalseProvider().listen('console');
  gateway = await startGateway(folder.path, configFor(provider.issuer), { CONSOLE_SECRET: secret });
});
afterAll(async () => {
  await gateway.stop();
  await provider.close();
  folder.remove();
});
beforeEach(() => {
  browser = new SmallBrowser();
  provider.answer = (token) => provider.signed(token);
});

function configFor(issuer: string): object {
  const signIn = { issuer, clientId: 'console', clientSecret: 'env:CONSOLE_SECRET', roles: ['auditor'] };
  return { dataDir: 'data', upstreams: {}, auth: { signIn } };
}

const at = (path: string) => `${gateway.baseUrl}${path}`;

/** Goes to the provider and comes back with what it says. */
async function comeBack(answer?: TokenAnswer, asked = '/sign-in'): Promise<Response> {
  if (answer !== undefined) provider.answer = answer;
  const begun = await browser.send(at(asked));
  return browser.send(provider.callbackFor(begun.headers.get('location') ?? ''));
}

async function isSignedIn(): Promise<boolean> {
  const { signed_in } = (await (await browser.send(at('/sign-in/session'))).json()) as { signed_in: boolean };
  expect((await browser.send(at('/v1/upstreams'))).status).toBe(signed_in ? 200 : 401);
  return signed_in;
}

async function recorded(where: string): Promise<{ type: string; reason: string; detail?: string }[]> {
  const query = ['audit', 'query', '--json', '--type', 'auth.failed'];
  const { stdout } = await sallyport(where, query);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The same token with other claims. */
const claiming =
  (change: object): TokenAnswer =>
  ({ header, claims }, from) =>
    from.signed({ header, claims: { ...claims, ...change } });

const past = () => Math.floor(Date.now() / 1000) - 3600;
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

async function byAnotherKey(token: IdToken, from: FalseProvider) {
  return from.signed(token, await generateKeyPair('RS256'));
}

function byTheSecret({ claims }: IdToken) {
  const text = `${encoded({ alg: 'HS256', kid: 'one' })}.${encoded(claims)}`;
  return answerWith(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`);
}

describe('what a provider says', () => {
  it('signs somebody in where all of it is as it should be', async () => {
    expect((await comeBack()).status).toBe(303);
    expect(await isSignedIn()).toBe(true);
    const form = provider.redeemed.at(-1);
    expect([form?.get('grant_type'), form?.get('code_verifier')?.length]).toEqual(['authorization_code', 43]);
  });

  it('counts for nothing with the signature of another key, and that is on record once', async () => {
    const before = (await recorded(folder.path)).length;
    const refused = await comeBack(byAnotherKey);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('This sign-in does not count; begin again.');
    expect(await recorded(folder.path)).toHaveLength(before + 1);
    expect(await isSignedIn()).toBe(false);
  });

  it.each<[string, TokenAnswer]>([
    ['no signature at all', ({ claims }) => answerWith(new UnsecuredJWT(claims).encode())],
    ["a signature by the client's secret", byTheSecret],
    ['a nonce of another sign-in', claiming({ nonce: 'other' })],
    ['no nonce', claiming({ nonce: undefined })],
    ['another audience', claiming({ aud: 'other' })],
    ['an audience besides this one', claiming({ aud: ['console', 'other'] })],
    ['another issuer', claiming({ iss: 'https://idp.example' })],
    ['an end that is over', claiming({ exp: past() })],
    ['no end', claiming({ exp: undefined })],
    ['nobody', claiming({ sub: undefined })],
    ['a name that is none', claiming({ sub: 'ann eve' })],
    [
      'a header that must be understood',
      ({ header, claims }, from) => from.signed({ header: { ...header, crit: ['b64'], b64: true }, claims }),
    ],
    [
      'a key that nobody has shown',
      ({ header, claims }, from) => from.signed({ header: { ...header, kid: 'two' }, claims }),
    ],
    ['no ID token', () => ({ status: 200, body: '{"access_token":"a","token_type":"Bearer"}' })],
    ['a code that is none', () => ({ status: 400, body: '{"error":"invalid_grant"}' })],
  ])('counts for nothing with %s', async (_, answer) => {
    const refused = await comeBack(answer);
    expect([refused.status, await isSignedIn()]).toEqual([403, false]);
    expect(refused.headers.get('set-cookie')).not.toMatch(/sallyport=s1/);
  });

  it.each<[string, TokenAnswer]>([
    ['fails', () => ({ status: 500, body: 'panic at /var/private' })],
    ['does not know this gateway', () => ({ status: 401, body: '{"error":"invalid_client"}' })],
    ['sends no JSON', () => ({ status: 200, body: '<html>', headers: { 'content-type': 'text/html' } })],
    [
      'sends somewhere else',
      (_, { issuer }) => ({ status: 302, body: '', headers: { location: `${issuer}/keys` } }),
    ],
  ])('is no fault of whoever signs in where it %s: 503, with when to try again', async (_, answer) => {
    const refused = await comeBack(answer);
    expect([refused.status, refused.headers.get('retry-after'), await isSignedIn()]).toEqual([
      503,
      '5',
      false,
    ]);
    const text = await refused.text();
    expect(text).toContain('The provider does not answer as it should; try again in a while.');
    expect(text).not.toContain('/var/private');
  });
});

describe('what a provider says of somebody who is asked once more', () => {
  const again = '/sign-in?return=/approve/hold_1&hold=hold_1';

  it('asks it to ask them, and counts where it has', async () => {
    const { location = '' } = Object.fromEntries((await browser.send(at(again))).headers);
    const asked = new URL(location).searchParams;
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0']);
    expect((await comeBack(undefined, again)).headers.get('location')).toBe('/approve/hold_1');
    expect(await isSignedIn()).toBe(true);
  });

  it.each([
    ['an hour ago', { auth_time: past() }],
    ['never', { auth_time: undefined }],
    ['in words', { auth_time: 'now' }],
  ])('does not count where it has asked them %s', async (_, claims) => {
    expect((await comeBack(claiming(claims), again)).status).toBe(403);
    expect(await isSignedIn()).toBe(false);
  });

  it.each(['hold=', 'hold=../x', `hold=${'x'.repeat(65)}`])('is for a held call only: %s', async (query) => {
    expect((await browser.send(at(`/sign-in?${query}`))).status).toBe(400);
  });
});

describe('a provider that cannot be reached', () => {
  it('signs nobody in, says so clearly, and that is on record once', async () => {
    const own = scratchFolder();
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const alone = await startGateway(own.path, configFor(nowhere), { CONSOLE_SECRET: secret });
    try {
      const response = await fetch(`${alone.baseUrl}/sign-in`, { redirect: 'manual' });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await response.text()).toContain('The provider does not answer as it should');
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await recorded(own.path)).toMatchObject([
        { reason: 'unavailable', detail: 'sign-in: discovery' },
      ]);
    } finally {
      await alone.stop();
      own.remove();
    }
  });

  it('signs nobody in when it has gone in between', async () => {
    const begun = await browser.send(at('/sign-in'));
    const callback = provider.callbackFor(begun.headers.get('location') ?? '');
    await provider.close();
    expect((await browser.send(callback)).status).toBe(503);
    expect(await isSignedIn()).toBe(false);
  });
});
