import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { IssuerConfig } from '#contract';
import type { Clock } from '../../lib/clock.js';
import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import { AuthenticationFailure } from '../authentication-failure.js';
import type { Authenticator } from '../authenticator.js';
import { ClaimFault, textsIn, whoIs } from '../claims.js';
import { issuerTerms } from '../issuer-terms.js';
import { KeySet, KeysUnavailable } from '../key-set.js';
import type { LiveTokens } from '../live-tokens.js';
import { readJwt, type UnverifiedJwt } from '../read-jwt.js';

export interface JwtOptions {
  readonly issuers: readonly IssuerConfig[];
  /** Fetches the keys of an issuer. */
  readonly loadKeys: (issuer: IssuerConfig) => Promise<JsonObject>;
  readonly live: LiveTokens;
  readonly clock: Clock;
}

interface Issuer {
  readonly terms: IssuerConfig;
  readonly digest: string;
  readonly keys: KeySet;
}

interface Verified {
  readonly principal: Principal;
  readonly issuer: Issuer;
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const mostVerified = 10_000;

/**
 * Knows access tokens of the configured issuers. How a token must be signed is the issuer's entry to say, never the
 * token's; keys, addresses of keys and certificates in its header are not looked at. Once verified it is known by a
 * look-up until it expires or the keys of its issuer change.
 */
export class JwtAuthenticator implements Authenticator {
  readonly name = 'jwt';
  readonly #options: JwtOptions;
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #verified = new LRUCache<string, Verified>({ max: mostVerified });

  constructor(options: JwtOptions) {
    const { issuers, loadKeys, clock } = options;
    this.#options = options;
    this.#issuers = new Map(
      issuers.map((terms) => [
        terms.issuer,
        { terms, digest: issuerTerms(terms), keys: new KeySet({ load: () => loadKeys(terms), clock }) },
      ]),
    );
  }

  authenticate(token: string): Principal | undefined | Promise<Principal> {
    const known = this.#verified.get(token);
    if (known !== undefined && this.#stillCounts(known)) return known.principal;
    const jwt = readJwt(token);
    return jwt === undefined ? undefined : this.#verify(jwt);
  }

  #stillCounts({ issuer: { keys }, generation, until }: Verified): boolean {
    return keys.isFresh && keys.generation === generation && this.#options.clock.now() < until;
  }

  async #verify(jwt: UnverifiedJwt): Promise<Principal> {
    const { iss } = jwt.claims;
    const issuer = typeof iss === 'string' ? this.#issuers.get(iss) : undefined;
    if (issuer === undefined) throw new AuthenticationFailure('unknown', { detail: 'jwt: issuer' });
    const { terms } = issuer;
    refuseHeader(jwt, terms);
    const now = this.#options.clock.now();
    const { exp, generation } = await verified(jwt.text, issuer, now);
    const until = (exp + terms.clockToleranceSeconds) * 1000;
    const principal = { ...named(jwt.claims, terms), credential: credentialOf(jwt.text) };
    this.#verified.set(jwt.text, { principal, issuer, generation, until });
    this.#options.live.remember({ principal, until, terms: issuer.digest });
    return principal;
  }
}

/** By the digest, for a token has no other name that somebody else could not choose too. */
function credentialOf(text: string): string {
  return `jwt:${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32)}`;
}

function refuseHeader({ header, claims }: UnverifiedJwt, { algorithms, types }: IssuerConfig): void {
  const refuse = (detail: string) => {
    throw new AuthenticationFailure('unknown', { detail: `jwt: ${detail}` });
  };
  if (!(algorithms as readonly unknown[]).includes(header.alg)) refuse('alg');
  const type = typeof header.typ === 'string' ? header.typ.replace(/^application\//i, '').toLowerCase() : '';
  if (!types.some((one) => one.toLowerCase() === type)) refuse('typ');
  // No extension is known here, the unencoded payload (b64) of jose included.
  if (Object.hasOwn(header, 'crit')) refuse('crit');
  // Such a token needs a proof beside it that it is its holder's.
  if (Object.hasOwn(claims, 'cnf')) refuse('cnf');
  // Says to a client who signed in; it is no licence to call anything.
  if (['nonce', 'at_hash', 'c_hash'].some((claim) => Object.hasOwn(claims, claim))) refuse('id token');
}

interface VerifiedTerms {
  readonly exp: number;
  /** Of the keys that it was verified with. */
  readonly generation: number;
}

async function verified(text: string, { terms, keys }: Issuer, now: number): Promise<VerifiedTerms> {
  let generation = 0;
  const keyFor = keys.keyFor((one) => {
    generation = one;
  });
  try {
    // Loaded with the first token: most gateways know no issuer.
    const { jwtVerify } = await import('jose');
    const { payload } = await jwtVerify(text, keyFor, {
      algorithms: [...terms.algorithms],
      issuer: terms.issuer,
      audience: [...terms.audience],
      clockTolerance: terms.clockToleranceSeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'iss', 'aud'],
    });
    const { exp, iat } = payload;
    if (exp === undefined) throw new AuthenticationFailure('unknown', { detail: 'jwt: exp' });
    if (iat !== undefined && iat * 1000 > now + terms.clockToleranceSeconds * 1000)
      throw new AuthenticationFailure('not_yet_valid', { detail: 'jwt: iat' });
    return { exp, generation };
  } catch (cause) {
    throw failureOf(cause);
  }
}

function failureOf(cause: unknown): AuthenticationFailure {
  if (cause instanceof AuthenticationFailure) return cause;
  if (cause instanceof KeysUnavailable)
    return new AuthenticationFailure('unavailable', { detail: 'jwt: keys of the issuer' });
  // By the codes of jose's errors, which are no classes of ours before it is loaded.
  const { code, claim: name } = cause as { readonly code?: unknown; readonly claim?: unknown };
  if (code === 'ERR_JWT_EXPIRED') return new AuthenticationFailure('expired', { detail: 'jwt: exp' });
  if (typeof code !== 'string' || !/^ERR_J(?:W|OSE)/.test(code))
    return new AuthenticationFailure('unknown', { detail: 'jwt' });
  const claim = code === 'ERR_JWT_CLAIM_VALIDATION_FAILED' ? String(name) : code;
  return new AuthenticationFailure(claim === 'nbf' ? 'not_yet_valid' : 'unknown', {
    detail: `jwt: ${claim}`,
  });
}

function named(claims: JsonObject, terms: IssuerConfig): Omit<Principal, 'credential'> {
  try {
    const { scopes } = terms;
    const who = whoIs(claims, terms);
    return scopes === undefined ? who : { ...who, grants: grantsOf(claims, scopes) };
  } catch (cause) {
    if (!(cause instanceof ClaimFault)) throw cause;
    throw new AuthenticationFailure('unknown', { detail: `jwt: ${cause.message}` });
  }
}

/** `scope` is a text with spaces (RFC 9068); some issuers write a list, or call it `scp`. Whole items count. */
function grantsOf({ scope, scp }: JsonObject, scopes: Readonly<Record<string, readonly string[]>>): string[] {
  const items = textsIn(scope ?? scp).flatMap((text) => text.split(' '));
  return items.flatMap((item) => (Object.hasOwn(scopes, item) ? (scopes[item] ?? []) : []));
}
