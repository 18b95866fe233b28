import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { None } from 'oauth4webapi';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SignInConfig } from '#contract';
import { RelyingParty } from './relying-party.js';

let server: Server;
let issuer: string;
let asked: number;
let now: number;
let metadata: object | undefined;

beforeEach(async () => {
  [asked, now] = [0, 1_000_000];
  server = createServer((_request, response) => {
    asked += 1;
    const headers = { 'content-type': 'application/json' };
    response.writeHead(metadata === undefined ? 500 : 200, headers).end(JSON.stringify(metadata ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
  };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function party(more: Partial<SignInConfig> = {}): RelyingParty {
  const terms: SignInConfig = {
    issuer,
    clientId: 'console',
    clientAuthentication: 'basic',
    algorithm: 'RS256',
    scopes: ['openid'],
    prefix: '',
    claims: { principal: 'sub', labels: {} },
    roles: [],
    tenant: 'default',
    sessionMinutes: 60,
    addresses: [],
    plainHttp: false,
    ...more,
  };
  const clock = { now: () => now, after: () => () => undefined };
  return new RelyingParty({ terms, proof: async () => None(), redirectUri: 'http://127.0.0.1/cb', clock });
}

it('leads to the provider with PKCE, and never with the same values twice', async () => {
  const one = party();
  const [first, second] = [await one.begin(false), await one.begin(false)];
  const wanted = new URL(first.url);
  expect(wanted.href).toContain(`${issuer}/authorize?response_type=code&client_id=console`);
  expect(Object.fromEntries(wanted.searchParams)).toMatchObject({
    code_challenge_method: 'S256',
    state: first.errand.state,
    nonce: first.errand.nonce,
  });
  expect(wanted.searchParams.has('prompt')).toBe(false);
  expect(wanted.href).not.toContain(first.errand.verifier);
  const values = [first, second].flatMap(({ errand: { state, nonce, verifier } }) => [
    state,
    nonce,
    verifier,
  ]);
  expect(new Set(values).size).toBe(6);
  expect(asked).toBe(1);
});

it('asks a provider that does not answer again after five seconds, not before', async () => {
  const known = metadata;
  metadata = undefined;
  const one = party();
  const unavailable = { reason: 'unavailable', detail: 'sign-in: discovery' };
  await expect(one.begin(false)).rejects.toMatchObject(unavailable);
  metadata = known;
  now += 4999;
  await expect(one.begin(false)).rejects.toMatchObject(unavailable);
  now += 1;
  await expect(one.begin(false)).resolves.toMatchObject({ url: expect.stringContaining(issuer) });
  expect(asked).toBe(2);
});

it('asks for what the provider is again after ten minutes', async () => {
  const one = party();
  await one.begin(false);
  now += 599_999;
  await one.begin(false);
  expect(asked).toBe(1);
  now += 1;
  await one.begin(false);
  expect(asked).toBe(2);
});

it.each<[string, () => object]>([
  ['is another', () => ({ issuer: 'https://idp.example' })],
  ['has no way in', () => ({ authorization_endpoint: undefined })],
  ['leads to a script', () => ({ authorization_endpoint: 'javascript:alert(1)' })],
])('leads nowhere where the provider %s', async (_, change) => {
  metadata = { ...metadata, ...change() };
  await expect(party().begin(false)).rejects.toMatchObject({ reason: 'unavailable' });
});

it('asks no provider over plain http that is not on this machine', async () => {
  const elsewhere = party({ issuer: 'http://idp.example' });
  await expect(elsewhere.begin(false)).rejects.toMatchObject({ reason: 'unavailable' });
});
