import { isDeepStrictEqual } from 'node:util';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
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

/** The keys of an issuer cannot be had now. */
export class KeysUnavailable extends Error {}

/** The public keys of one issuer, fetched when they are needed. */
export class KeySet {
  readonly #options: KeySetOptions;
  #keys: JSONWebKeySet | undefined;
  #find: JWTVerifyGetKey | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<boolean> | undefined;
  /** Another number for other keys: what was verified with the former may not be believed any more. */
  generation = 0;

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  get isFresh(): boolean {
    const age = this.#options.clock.now() - this.#loadedAt;
    return age >= 0 && age < maxAgeMs;
  }

  /** The key for a token; rejects with KeysUnavailable, or with what jose says of a token that no key fits. */
  readonly keyFor: JWTVerifyGetKey = async (header, token) => {
    const find = await this.#usable();
    try {
      return await find(header, token);
    } catch (cause) {
      // A key may be newer than what we have.
      if (!(cause instanceof errors.JWKSNoMatchingKey) || !(await this.#refresh())) throw cause;
      return (this.#find ?? find)(header, token);
    }
  };

  async #usable(): Promise<JWTVerifyGetKey> {
    if (!this.isFresh) await this.#refresh();
    const age = this.#options.clock.now() - this.#loadedAt;
    if (this.#find === undefined || !(age >= 0 && age < maxStaleMs)) throw new KeysUnavailable();
    return this.#find;
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
      this.#keys = keys;
      this.#find = createLocalJWKSet(keys);
      this.generation += 1;
      return true;
    } catch {
      return false;
    }
  }
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
