import { isDeepStrictEqual } from 'node:util';
import type { JSONWebKeySet, JWK, JWTVerifyGetKey } from 'jose';
import type { Clock } from '../lib/clock.js';
import type { JsonObject, JsonValue } from '../model/json.js';

export interface KeySetOptions {
  /** Fetches the document; capped in size and time by whoever fetches. */
  readonly load: () => Promise<JsonObject>;
  readonly clock: Clock;
}

/** Keys are asked for again after so long. */
const maxAgeMs = 600_000;
/** So long they still count when they cannot be had: a provider that is away for a while is no reason to turn all away. */
const maxStaleMs = 3_600_000;
/** Between two fetches, whatever tokens ask for: unknown key ids cost a provider nothing. */
const cooldownMs = 30_000;
const mostKeys = 100;

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly generation: number;
}

/** The keys of an issuer cannot be had now. */
export class KeysUnavailable extends Error {}

/** The public keys of one issuer, fetched when they are needed. */
export class KeySet {
  readonly #options: KeySetOptions;
  #keys: JSONWebKeySet | undefined;
  #known: Keys | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<boolean> | undefined;

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  /** Another number for other keys: what was verified with the former may not be believed any more. */
  get generation(): number {
    return this.#known?.generation ?? 0;
  }

  get isFresh(): boolean {
    const age = this.#options.clock.now() - this.#loadedAt;
    return age >= 0 && age < maxAgeMs;
  }

  /**
   * Finds the key for a token and tells its generation, as others may come while the token is verified. Rejects with
   * KeysUnavailable, or with what jose says of a token that no key fits.
   */
  keyFor(told: (generation: number) => void): JWTVerifyGetKey {
    return async (header, token) => {
      const keys = await this.#usable();
      told(keys.generation);
      try {
        return await keys.find(header, token);
      } catch (cause) {
        // A key may be newer than what we have.
        if (!isUnknownKey(cause) || !(await this.#refresh())) throw cause;
        const { find, generation } = this.#known ?? keys;
        told(generation);
        return find(header, token);
      }
    };
  }

  async #usable(): Promise<Keys> {
    if (!this.isFresh) await this.#refresh();
    const age = this.#options.clock.now() - this.#loadedAt;
    if (this.#known === undefined || !(age >= 0 && age < maxStaleMs)) throw new KeysUnavailable();
    return this.#known;
  }

  /** Whether the keys are newer than before. */
  #refresh(): Promise<boolean> {
    if (this.#loading !== undefined) return this.#loading;
    const now = this.#options.clock.now();
    const since = now - this.#triedAt;
    if (since >= 0 && since < cooldownMs) return Promise.resolve(false);
    this.#triedAt = now;
    this.#loading = this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<boolean> {
    try {
      const keys = usableKeys(await this.#options.load());
      this.#loadedAt = this.#options.clock.now();
      if (isDeepStrictEqual(keys, this.#keys)) return false;
      const { createLocalJWKSet } = await import('jose');
      this.#keys = keys;
      this.#known = { find: createLocalJWKSet(keys), generation: this.generation + 1 };
      return true;
    } catch {
      return false;
    }
  }
}

function isUnknownKey(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_JWKS_NO_MATCHING_KEY';
}

/** Public keys for signatures only: a symmetric key in the document is no key that a token may be signed with. */
function usableKeys({ keys }: JsonObject): JSONWebKeySet {
  if (!Array.isArray(keys) || keys.length > mostKeys) throw new Error('no set of keys');
  return { keys: keys.filter(isPublicKey) };
}

function isPublicKey(key: JsonValue): key is JsonObject & JWK {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return false;
  return (
    ['RSA', 'EC', 'OKP'].some((kind) => kind === key.kty) && (key.use === undefined || key.use === 'sig')
  );
}
