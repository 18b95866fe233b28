import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IssuerConfig } from '#contract';
import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import { AuthenticationFailure } from '../authentication-failure.js';
import { LiveTokens } from '../live-tokens.js';
import { JwtAuthenticator } from './jwt.js';

const start = 1_800_000_000;
const audience = 'https://gateway.example/mcp';
const terms: IssuerConfig = {
  issuer: 'https://idp.example',
  audience: [audience],
  algorithms: ['RS256'],
  types: ['at+jwt'],
  clockToleranceSeconds: 30,
  prefix: '',
  claims: { principal: 'sub', labels: {} },
  roles: ['agent'],
  tenant: 'default',
  addresses: [],
  plainHttp: false,
};

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let ours: Pair;
let theirs: Pair;
let jwk: JsonObject;
let other: JsonObject;
let publicPem: string;
let now: number;
let document: JsonObject | undefined;
let loads: number;
const clock = { now: () => now, after: () => () => undefined };

beforeAll(async () => {
  [ours, theirs] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  jwk = { ...((await exportJWK(ours.publicKey)) as JsonObject), kid: 'one', alg: 'RS256' };
  other = { ...((await exportJWK(theirs.publicKey)) as JsonObject), kid: 'two' };
  publicPem = await exportSPKI(ours.publicKey);
});

beforeEach(() => {
  now = start * 1000;
  document = { keys: [jwk] };
  loads = 0;
});

function authenticator(more: Partial<IssuerConfig> = {}, live = new LiveTokens()) {
  const loadKeys = async () => {
    loads += 1;
    if (document === undefined) throw new Error('away');
    return document;
  };
  return new JwtAuthenticator({ issuers: [{ ...terms, ...more }], loadKeys, live, clock });
}

interface Parts {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: Pair;
}

function token({ header, claims, key = ours }: Parts = {}): Promise<string> {
  return new SignJWT({
    iss: terms.issuer,
    aud: audience,
    sub: 'ann',
    exp: start + 300,
    iat: start,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'one', ...header })
    .sign(key.privateKey);
}

const b64 = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** The principal's id, or why there is none. */
async function answer(gate: JwtAuthenticator, text: string): Promise<string> {
  try {
    return (await gate.authenticate(text))?.id ?? 'not mine';
  } catch (cause) {
    if (!(cause instanceof AuthenticationFailure)) throw cause;
    return cause.detail === undefined ? cause.reason : `${cause.reason}: ${cause.detail}`;
  }
}

describe('an access token', () => {
  it('names its principal, and is a look-up from then on', async () => {
    const gate = authenticator();
    const text = await token();
    expect(gate.authenticate(text)).toBeInstanceOf(Promise);
    expect(await answer(gate, text)).toBe('ann');
    expect(gate.authenticate(text)).toMatchObject({
      id: 'ann',
      roles: ['agent'],
      tenant: 'default',
      credential: expect.stringMatching(/^jwt:[0-9a-f]{32}$/),
    });
    expect(loads).toBe(1);
  });

  it.each<[string, Parts, string]>([
    ['signed by somebody else', { key: undefined as never, header: { kid: 'one' } }, 'ERR_JWS_SIGNATURE'],
    ['with a key that nobody has', { header: { kid: 'none' } }, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['of another issuer', { claims: { iss: 'https://idp.example/' } }, 'jwt: issuer'],
    ['for another audience', { claims: { aud: 'https://files.example/mcp' } }, 'jwt: aud'],
    ['for nobody in particular', { claims: { aud: undefined } }, 'jwt: aud'],
    ['that never expires', { claims: { exp: undefined } }, 'jwt: exp'],
    ['that has expired', { claims: { exp: start - 31 } }, 'expired: jwt: exp'],
    ['that is not valid yet', { claims: { nbf: start + 31 } }, 'not_yet_valid: jwt: nbf'],
    ['issued in the future', { claims: { iat: start + 31 } }, 'not_yet_valid: jwt: iat'],
    ['of another type', { header: { typ: 'JWT' } }, 'jwt: typ'],
    ['of no type', { header: { typ: undefined } }, 'jwt: typ'],
    ['with a critical extension', { header: { crit: ['b64'], b64: true } }, 'jwt: crit'],
    ['that needs a proof beside it', { claims: { cnf: { jkt: 'x' } } }, 'jwt: cnf'],
    ['for signing in', { claims: { nonce: 'x' } }, 'jwt: id token'],
    ['of nobody', { claims: { sub: undefined } }, 'jwt: sub is no name'],
    ['of a name that cannot be read', { claims: { sub: 'ann\u202e' } }, 'jwt: sub is no name'],
  ])('is refused when it is one %s', async (title, parts, reason) => {
    const made = title.startsWith('signed') ? { header: parts.header ?? {}, key: theirs } : parts;
    expect(await answer(authenticator(), await token(made))).toContain(reason);
  });

  it('is refused without a signature that its issuer makes: none, and its public key taken for a secret', async () => {
    const claims = b64({ iss: terms.issuer, aud: audience, sub: 'ann', exp: start + 300 });
    const gate = authenticator();
    for (const alg of ['none', 'nOnE', 'HS256', 'RS384', 'ES256']) {
      const head = `${b64({ alg, typ: 'at+jwt', kid: 'one' })}.${claims}`;
      for (const secret of [publicPem, JSON.stringify(jwk)])
        expect(
          await answer(gate, `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`),
        ).toBe('unknown: jwt: alg');
      expect(await answer(gate, `${head}.`)).toBe('malformed: jwt: shape');
    }
    expect(loads).toBe(0);
  });

  it('is refused when two readers could understand it differently', async () => {
    const header = b64({ alg: 'RS256', typ: 'at+jwt', kid: 'one' });
    const twice = b64(
      `{"iss":"${terms.issuer}","aud":"https://files.example","aud":"${audience}","sub":"ann"}`,
    );
    const gate = authenticator();
    expect(await answer(gate, `${header}.${twice}.AAAA`)).toBe('malformed: jwt: JSON');
    expect(await answer(gate, `${header}.${b64('{"exp":1e400}')}.AAAA`)).toBe('malformed: jwt: JSON');
    expect(await answer(gate, `${header}.${Buffer.from([0xff]).toString('base64url')}.AAAA`)).toBe(
      'malformed: jwt: JSON',
    );
    expect(await answer(gate, `${header}x.${twice}.AAAA`)).toMatch(/^malformed: jwt: (base64|JSON)$/);
    expect(await answer(gate, `${header}.${'A'.repeat(9000)}.AAAA`)).toBe('malformed: jwt: shape');
    expect(await answer(gate, 'sp_live_key')).toBe('not mine');
  });

  it('ends when it expires, with the tolerance of its issuer, though it was known', async () => {
    const live = new LiveTokens();
    const gate = authenticator({}, live);
    const text = await token();
    expect(await answer(gate, text)).toBe('ann');
    const { credential } = gate.authenticate(text) as Principal;
    now = (start + 329) * 1000;
    expect(await answer(gate, text)).toBe('ann');
    expect(live.find(credential)).toMatchObject({ principal: { id: 'ann' }, until: (start + 330) * 1000 });
    now = (start + 330) * 1000;
    expect(await answer(gate, text)).toBe('expired: jwt: exp');
  });
});

describe('the keys of an issuer', () => {
  it('are fetched again for a new key, at most every 30 seconds whatever tokens ask for', async () => {
    const gate = authenticator();
    expect(await answer(gate, await token())).toBe('ann');
    document = { keys: [jwk, other] };
    const rotated = await token({ key: theirs, header: { kid: 'two' } });
    expect(await answer(gate, rotated)).toContain('NO_MATCHING_KEY');
    now += 30_000;
    expect(await answer(gate, rotated)).toBe('ann');
    for (let index = 0; index < 50; index += 1)
      await answer(gate, await token({ header: { kid: `k${index}` } }));
    expect(loads).toBe(2);
  });

  it('end what was signed with one that is withdrawn', async () => {
    const gate = authenticator();
    const text = await token({ claims: { exp: start + 7200 } });
    expect(await answer(gate, text)).toBe('ann');
    document = { keys: [other] };
    now += 600_000;
    expect(await answer(gate, text)).toContain('NO_MATCHING_KEY');
  });

  it('count for an hour while they cannot be had, and then nobody is let in, which is no fault of theirs', async () => {
    const gate = authenticator();
    const text = await token({ claims: { exp: start + 7200 } });
    expect(await answer(gate, text)).toBe('ann');
    document = undefined;
    now += 3_599_000;
    expect(await answer(gate, text)).toBe('ann');
    now += 31_000;
    expect(await answer(gate, text)).toBe('unavailable: jwt: keys of the issuer');
  });

  it('are public keys for signatures only', async () => {
    const secret = { kty: 'oct', k: b64('0123456789abcdef0123456789abcdef'), kid: 'sym', alg: 'HS256' };
    for (const keys of [[secret], [{ ...jwk, use: 'enc' }], ['x'], Array.from({ length: 101 }, () => jwk)]) {
      document = { keys };
      expect(await answer(authenticator(), await token())).toMatch(/NO_MATCHING_KEY|unavailable/);
    }
  });
});

describe('claims', () => {
  it('mean what the configuration says, and nothing else', async () => {
    const gate = authenticator({
      prefix: 'idp/',
      claims: {
        principal: 'email',
        roles: { claim: 'realm.roles', map: { ops: ['operator'] } },
        tenant: { claim: 'org', map: { acme: 't1' } },
        labels: { groups: 'groups', level: 'level' },
      },
    });
    const claims = {
      email: 'ann@acme.example',
      roles: ['admin'],
      is_admin: true,
      realm: { roles: ['ops', 'admin', 'constructor'] },
      org: 'acme',
      groups: ['finance', 'legal,admins', 'a b'],
      level: 3,
    };
    expect(await gate.authenticate(await token({ claims }))).toMatchObject({
      id: 'idp/ann@acme.example',
      roles: ['agent', 'operator'],
      tenant: 't1',
      labels: { groups: 'finance', level: '3' },
    });
    expect(await answer(gate, await token({ claims: { ...claims, org: 'evil' } }))).toContain(
      'org names no tenant',
    );
    expect(await answer(gate, await token({ claims: { ...claims, org: undefined } }))).toContain('no tenant');
  });

  it('narrow a token to what its scopes permit, each compared whole', async () => {
    const gate = authenticator({ scopes: { 'mcp:tools': ['mcp:call'], audit: ['audit:read'] } });
    const grants = async (claims: object) => (await gate.authenticate(await token({ claims })))?.grants;
    expect(await grants({ scope: 'mcp:tools audit' })).toEqual(['mcp:call', 'audit:read']);
    expect(await grants({ scp: ['mcp:tools'] })).toEqual(['mcp:call']);
    expect(await grants({ scope: 'xmcp:tools mcp:toolsx constructor' })).toEqual([]);
    expect(await grants({})).toEqual([]);
  });
});
