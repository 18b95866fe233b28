import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../model/principal.js';
import { Secret } from '../model/secret.js';
import { AuthenticationFailure } from './authentication-failure.js';
import type { Authenticator } from './authenticator.js';
import { StaticTokenAuthenticator } from './authenticators/static-token.js';
import { Gatekeeper, type GatekeeperOptions, type Presented } from './gatekeeper.js';

let now = 0;
let valid: Set<string>;
let asked: string[];
const clock = { now: () => now, after: () => () => {} };
const principal = (id: string): Principal => ({
  id,
  credential: `token:${id}`,
  tenant: 'default',
  roles: ['agent'],
  labels: {},
});
const nobody = principal('nobody');

const authenticator: Authenticator = {
  name: 'test',
  authenticate(token) {
    asked.push(token);
    if (token === 'broken') throw new Error('the store is away');
    if (token === 'revoked') throw new AuthenticationFailure('revoked', { credential: 'key:1' });
    return valid.has(token) ? principal(token) : undefined;
  },
};

beforeEach(() => {
  now = 1_000_000;
  valid = new Set(['good', 'other']);
  asked = [];
});

const gatekeeper = (more: Partial<GatekeeperOptions> = {}) =>
  new Gatekeeper({ authenticators: [authenticator], clock, ...more });

/** The principal's id or the reason for the refusal. */
function answer(gate: Gatekeeper, presented: Partial<Presented>): string {
  try {
    const principal = gate.identify({ source: '192.0.2.1', ...presented });
    return principal instanceof Promise ? 'must wait' : principal.id;
  } catch (cause) {
    return cause instanceof AuthenticationFailure ? cause.reason : String(cause);
  }
}

describe('the gatekeeper', () => {
  it.each<[string, Partial<Presented>]>([
    ['good', { authorization: 'Bearer good' }],
    ['good', { authorization: 'bEARER good' }],
    ['good', { apiKey: 'good' }],
    ['good', { authorization: 'Bearer good', apiKey: 'good' }],
    ['missing', {}],
    ['malformed', { authorization: 'Bearer good', apiKey: 'other' }],
    ['malformed', { authorization: '' }],
    ['malformed', { apiKey: '' }],
    ['malformed', { authorization: 'Bearer' }],
    ['malformed', { authorization: 'Bearer ' }],
    ['malformed', { authorization: 'Bearer  good' }],
    ['malformed', { authorization: 'Bearer\tgood' }],
    ['malformed', { authorization: ' Bearer good' }],
    ['malformed', { authorization: 'Bearer good ' }],
    ['malformed', { authorization: 'Bearer good, Bearer other' }],
    ['malformed', { authorization: 'Basic Z29vZDpnb29k' }],
    ['malformed', { authorization: 'good' }],
    ['malformed', { apiKey: 'Bearer good' }],
    ['malformed', { authorization: 'Bearer %' }],
    ['malformed', { authorization: 'Bearer goöd' }],
    ['unknown', { authorization: 'Bearer GOOD' }],
    ['unknown', { authorization: 'Bearer not-a-key' }],
    ['revoked', { authorization: 'Bearer revoked' }],
  ])('answers %s to %j', (expected, presented) => {
    const gate = gatekeeper();
    expect(answer(gate, presented)).toBe(expected);
    // Whatever was identified before must not change how a header is read.
    answer(gate, { authorization: 'Bearer good' });
    answer(gate, { apiKey: 'good' });
    expect(answer(gate, presented)).toBe(expected);
  });

  it('lets a caller without a credential in only where that is configured', () => {
    expect(answer(gatekeeper({ anonymous: nobody }), {})).toBe('nobody');
    expect(answer(gatekeeper(), {})).toBe('missing');
  });

  it('never makes an anonymous caller of one whose credential failed', () => {
    const gate = gatekeeper({ anonymous: nobody });
    for (const header of ['Bearer wrong', 'Bearer broken', 'Bearer revoked', 'Bearer', '']) {
      expect(answer(gate, { authorization: header })).not.toBe('nobody');
    }
  });

  it('takes a failing authenticator for a no', () => {
    expect(answer(gatekeeper(), { authorization: 'Bearer broken' })).toBe('unknown');
  });

  it('asks again after a second, so that a revocation acts', () => {
    const gate = gatekeeper();
    for (let index = 0; index < 3; index += 1) answer(gate, { authorization: 'Bearer good' });
    expect(asked).toEqual(['good']);
    valid.delete('good');
    now += 999;
    expect(answer(gate, { authorization: 'Bearer good' })).toBe('good');
    now += 1;
    expect(answer(gate, { authorization: 'Bearer good' })).toBe('unknown');
  });

  it('asks again when the clock went back, and when told to forget', () => {
    const gate = gatekeeper();
    answer(gate, { authorization: 'Bearer good' });
    valid.delete('good');
    now -= 1;
    expect(answer(gate, { authorization: 'Bearer good' })).toBe('unknown');
    answer(gate, { authorization: 'Bearer other' });
    valid.delete('other');
    gate.forget();
    expect(answer(gate, { authorization: 'Bearer other' })).toBe('unknown');
  });

  it('tells a source that fails too often to wait, ever longer, but never keeps a valid caller out', () => {
    const gate = gatekeeper();
    const waits: (number | undefined)[] = [];
    for (let index = 0; index < 1000; index += 1) {
      try {
        void gate.identify({ authorization: `Bearer wrong${index}`, source: '192.0.2.1' });
      } catch (cause) {
        if (cause instanceof AuthenticationFailure) waits.push(cause.retryAfterSeconds);
      }
    }
    expect(waits.slice(8, 19)).toEqual([undefined, undefined, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(answer(gate, { authorization: 'Bearer wrong' })).toBe('throttled');
    expect(answer(gate, { authorization: 'Bearer good' })).toBe('good');
    expect(answer(gate, { authorization: 'Bearer wrong', source: '192.0.2.2' })).toBe('unknown');
    now += 60_000;
    expect(answer(gate, { authorization: 'Bearer wrong' })).toBe('unknown');
  });

  it('keeps for the record what was wrong with a credential that came too often', () => {
    const gate = gatekeeper({ throttle: { freeFailures: 0 } });
    const failureOf = (authorization: string) => {
      try {
        return gate.identify({ authorization, source: '192.0.2.1' });
      } catch (cause) {
        return cause;
      }
    };
    expect(failureOf('Bearer wrong')).toMatchObject({ reason: 'throttled', underlying: 'unknown' });
    expect(failureOf('Bearer  wrong')).toMatchObject({ reason: 'throttled', underlying: 'malformed' });
    expect(failureOf('Bearer revoked')).toMatchObject({ underlying: 'revoked', credential: 'key:1' });
  });

  it('does not count requests that bring no credential', () => {
    const gate = gatekeeper();
    for (let index = 0; index < 100; index += 1) expect(answer(gate, {})).toBe('missing');
  });

  it('says in an error neither the token nor more than that authentication failed', () => {
    try {
      void gatekeeper().identify({ authorization: 'Bearer s3cr3t', source: 'x' });
    } catch (cause) {
      expect(JSON.stringify(cause) + String(cause)).not.toContain('s3cr3t');
    }
    expect.assertions(1);
  });
});

describe('the gatekeeper with an authenticator that must fetch something', () => {
  const slow: Authenticator = {
    name: 'slow',
    async authenticate(token) {
      asked.push(token);
      if (token === 'away') throw new AuthenticationFailure('unavailable');
      if (token === 'broken') throw new Error('no');
      return token === 'fetched' ? principal('fetched') : undefined;
    },
  };
  const gate = () => gatekeeper({ authenticators: [slow, authenticator], throttle: { freeFailures: 0 } });
  const named = async (gate: Gatekeeper, token: string) =>
    gate.identify({ source: '192.0.2.1', authorization: `Bearer ${token}` });

  it('answers at once what it has answered before', async () => {
    const one = gate();
    expect((await named(one, 'fetched')).id).toBe('fetched');
    expect(answer(one, { authorization: 'Bearer fetched' })).toBe('fetched');
    expect(asked).toEqual(['fetched']);
  });

  it('goes on to the next one, and refuses for whatever is thrown', async () => {
    expect((await named(gate(), 'good')).id).toBe('good');
    await expect(named(gate(), 'nobody')).rejects.toMatchObject({ underlying: 'unknown' });
    await expect(named(gate(), 'broken')).rejects.toMatchObject({ underlying: 'unknown' });
  });

  it('counts nothing against a caller who could not be judged', async () => {
    const one = gate();
    await expect(named(one, 'away')).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(named(one, 'away')).rejects.toMatchObject({ reason: 'unavailable' });
  });
});

describe('tokens from the configuration', () => {
  const hashOf = (secret: Secret) => createHash('sha256').update(secret.reveal()).digest();
  const token = (id: string, value: string) => ({ principal: principal(id), secret: new Secret(value) });

  it('identify their principal, several of one at once', () => {
    const tokens = new StaticTokenAuthenticator({
      tokens: [token('a', 'one'), token('a', 'two'), token('b', 'three')],
      hashOf,
    });
    expect(['one', 'two', 'three', 'One', 'on', ''].map((text) => tokens.authenticate(text)?.id)).toEqual([
      'a',
      'a',
      'b',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('cannot be empty or belong to two', () => {
    expect(() => new StaticTokenAuthenticator({ tokens: [token('a', '')], hashOf })).toThrow(
      'token:a of a is empty',
    );
    const twins = [token('a', 'one'), token('b', 'one')];
    expect(() => new StaticTokenAuthenticator({ tokens: twins, hashOf })).toThrow(
      'token:b has the same value as token:a',
    );
  });
});
