import { LRUCache } from 'lru-cache';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Principal } from '../model/principal.js';
import { AuthenticationFailure } from './authentication-failure.js';
import type { Authenticator } from './authenticator.js';
import { FailureThrottle, type ThrottleLimits } from './failure-throttle.js';
import { readToken } from './read-token.js';

export interface GatekeeperOptions {
  /** Asked in order; the first that knows the token answers. */
  readonly authenticators: readonly Authenticator[];
  readonly clock: Clock;
  readonly log?: Log;
  /** Who calls without any credential; absent: nobody may. */
  readonly anonymous?: Principal;
  readonly throttle?: Partial<ThrottleLimits>;
  /** Of configured tokens, by credential. */
  readonly tokenMarks?: ReadonlyMap<string, string>;
}

/** What a request brought with it. */
export interface Presented {
  readonly authorization?: string;
  readonly apiKey?: string;
  /** Token of the session that it is to count for. */
  readonly session?: string;
  /** Address of the peer. */
  readonly source: string;
}

interface Identified {
  readonly principal: Principal;
  readonly at: number;
}

/** Bounds how long a revoked key still works. */
const cacheMs = 1000;
const cachedTokens = 10_000;

/** Says who calls, or throws AuthenticationFailure; what was presented and is not valid never becomes `anonymous`. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #throttle: FailureThrottle;
  /** By the header as it came, so that a repeated call is one look-up. */
  readonly #identified = new LRUCache<string, Identified>({ max: cachedTokens });

  constructor(options: GatekeeperOptions) {
    this.#options = options;
    this.#throttle = new FailureThrottle(options.clock, options.throttle);
  }

  /** At once for whoever was identified before; a promise where something must be fetched, which rejects to refuse. */
  identify(presented: Presented): Principal | Promise<Principal> {
    const { authorization, apiKey } = presented;
    if (authorization === undefined && apiKey === undefined) {
      if (this.#options.anonymous !== undefined) return this.#options.anonymous;
      // Not counted: clients ask without a credential to be told that one is needed.
      throw new AuthenticationFailure('missing');
    }
    const header = cacheNameOf(presented);
    const now = this.#options.clock.now();
    const cached = header === undefined ? undefined : this.#identified.get(header);
    if (cached !== undefined && now >= cached.at && now - cached.at < cacheMs) return cached.principal;
    const known = (principal: Principal) => {
      if (header !== undefined) this.#identified.set(header, { principal, at: now });
      return principal;
    };
    const refuse = (cause: unknown) => {
      throw this.#refuse(cause, presented.source);
    };
    try {
      const answer = this.#authenticate(readToken(presented));
      return answer instanceof Promise ? answer.then(known, refuse) : known(answer);
    } catch (cause) {
      return refuse(cause);
    }
  }

  /** A mark of the value of a configured token; undefined for what is none. */
  tokenMark(credential: string): string | undefined {
    return this.#options.tokenMarks?.get(credential);
  }

  /** Forgets whom it identified: for changes of the configuration, which shall act at once. */
  forget(): void {
    this.#identified.clear();
  }

  #authenticate(token: string, from = 0): Principal | Promise<Principal> {
    for (const [index, authenticator] of this.#options.authenticators.entries()) {
      if (index < from) continue;
      const answer = authenticator.authenticate(token);
      if (answer instanceof Promise)
        return answer.then((principal) => principal ?? this.#authenticate(token, index + 1));
      if (answer !== undefined) return answer;
    }
    throw new AuthenticationFailure('unknown');
  }

  #refuse(cause: unknown, source: string): AuthenticationFailure {
    const failure = cause instanceof AuthenticationFailure ? cause : this.#doubt(cause);
    // No attempt was made to judge the credential, so none is counted.
    if (failure.reason === 'unavailable') return failure;
    const retryAfterSeconds = this.#throttle.fail(source);
    if (retryAfterSeconds === undefined) return failure;
    const { reason: underlying, credential, detail } = failure;
    return new AuthenticationFailure('throttled', { retryAfterSeconds, underlying, credential, detail });
  }

  /** An authenticator that fails has not said who calls. */
  #doubt(cause: unknown): AuthenticationFailure {
    this.#options.log?.error({ err: cause }, 'an authenticator failed; the caller was refused');
    return new AuthenticationFailure('unknown');
  }
}

/** Headers hold no NUL, so the two kinds never meet; a request with both is read anew each time. */
function cacheNameOf({ authorization, apiKey }: Presented): string | undefined {
  if (apiKey === undefined) return authorization;
  return authorization === undefined ? `\0${apiKey}` : undefined;
}
