import { expect, test } from 'vitest';
import { issuerTerms } from '../identity/issuer-terms.js';
import type { Principal } from '../model/principal.js';
import type { KeyRow } from '../store/key-table.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { currentCaller } from './current-caller.js';

const row: KeyRow = {
  id: 'k1',
  principal: 'agent-a',
  tenant: 'default',
  roles: ['agent'],
  labels: { team: 'ops' },
  hash: new Uint8Array(32),
  createdAt: 0,
};

const person: Principal = {
  id: 'ann',
  credential: 'jwt:live',
  tenant: 'default',
  roles: ['agent'],
  labels: { team: 'ops' },
};
const issuer = { issuer: 'https://idp.example', roles: ['agent'], claims: { principal: 'sub' } };
const admission = { principal: person, until: 1001, terms: issuerTerms(issuer as never) };

const signIn = { issuer: 'https://idp.example', prefix: 'idp/', roles: ['admin'] };
const signedIn = {
  id: 's1',
  principal: { ...person, credential: 'person:s1' },
  issuer: signIn.issuer,
  terms: issuerTerms(signIn as never),
  createdAt: 0,
  expiresAt: 1001,
};

function callers(key: Partial<KeyRow> = {}, auth: object = {}) {
  const find = (id: string) => (id === 'k1' ? { ...row, ...key } : undefined);
  const tokens = [
    { principal: 'bot', tokens: ['env:A', 'env:B'], roles: ['agent'], labels: { x: 'y' }, tenant: 'default' },
  ];
  return currentCaller({
    store: {
      keys: { find } as never,
      signIns: { find: (id: string) => (id === 's1' ? signedIn : undefined) } as never,
    },
    liveTokens: { find: (credential) => (credential === 'jwt:live' ? admission : undefined) },
    clock: { now: () => 1000, after: () => () => undefined },
    config: () =>
      ({ auth: { mode: 'keys', tokens, issuers: [issuer], ...auth } }) as unknown as EffectiveConfig,
  });
}

test('the caller of a key is who the key is for now', () => {
  expect(callers()({ id: 'agent-a', credential: 'key:k1' })).toEqual({
    id: 'agent-a',
    credential: 'key:k1',
    tenant: 'default',
    roles: ['agent'],
    labels: { team: 'ops' },
  });
});

test.each([
  ['revoked', { revokedAt: 500 }],
  ['expired', { expiresAt: 900 }],
  ['of somebody else by now', { principal: 'agent-b' }],
])('a key that is %s stands for nobody', (_what, key) => {
  expect(callers(key)({ id: 'agent-a', credential: 'key:k1' })).toBeUndefined();
});

test('a token stands for its caller as long as it is configured', () => {
  const known = callers();
  expect(known({ id: 'bot', credential: 'token:bot/2' })).toMatchObject({ id: 'bot', labels: { x: 'y' } });
  expect(known({ id: 'bot', credential: 'token:bot/3' })).toBeUndefined();
  expect(known({ id: 'other', credential: 'token:bot' })).toBeUndefined();
  expect(callers({}, { tokens: [] })({ id: 'bot', credential: 'token:bot' })).toBeUndefined();
});

test('callers without a credential count only where none is needed, and what cannot be looked up never', () => {
  const anonymous = { id: 'anonymous', credential: 'none' };
  expect(callers()(anonymous)).toBeUndefined();
  expect(callers({}, { mode: 'none' })(anonymous)).toMatchObject({ id: 'anonymous', roles: ['agent'] });
  expect(callers()({ id: 'x', credential: 'oidc:x' })).toBeUndefined();
  expect(callers()({ id: 'x', credential: 'key:none' })).toBeUndefined();
});

test('whoever signed in is who the provider said, as long as the configuration says the same of it', () => {
  const caller = { id: 'ann', credential: 'person:s1' };
  expect(callers({}, { signIn })(caller)).toBe(signedIn.principal);
  const changes = [
    { roles: [] },
    { prefix: 'other/' },
    { tenant: 'acme' },
    { issuer: 'https://other.example' },
  ];
  for (const change of changes)
    expect(callers({}, { signIn: { ...signIn, ...change } })(caller)).toBeUndefined();
  expect(callers()(caller)).toBeUndefined();
});

test('the caller of a token is whom it named, as long as it is valid and names the same', () => {
  expect(callers()({ id: 'ann', credential: 'jwt:live' })).toBe(person);
  expect(callers()({ id: 'ben', credential: 'jwt:live' })).toBeUndefined();
  expect(callers()({ id: 'ann', credential: 'jwt:over' })).toBeUndefined();
});

test.each([
  ['has ended', { ...admission, until: 1000 }, {}],
  ['is of an issuer that is gone', admission, { issuers: [] }],
  [
    'is of an issuer whose claims mean something else by now',
    admission,
    { issuers: [{ ...issuer, roles: [] }] },
  ],
  ['named somebody else', { ...admission, principal: { ...person, id: 'ben' } }, {}],
])('a token that was taken by another process and %s stands for nobody', (_what, kept, auth) => {
  const caller = { id: 'ann', credential: 'jwt:elsewhere' };
  expect(callers()({ ...caller, admission })).toBe(person);
  expect(callers({}, auth)({ ...caller, admission: kept })).toBeUndefined();
});
