import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../../model/principal.js';
import type { Secret } from '../../model/secret.js';
import type { Authenticator } from '../authenticator.js';

/** A token from the configuration. Several of one principal may be valid at once, for rotation. */
export interface StaticToken {
  readonly principal: Principal;
  readonly secret: Secret;
}

export interface StaticTokenOptions {
  readonly tokens: readonly StaticToken[];
  /** SHA-256 of the secret's UTF-8 bytes; the value itself is not seen here. */
  readonly hashOf: (secret: Secret) => Uint8Array;
}

interface KnownToken {
  readonly hash: Uint8Array;
  readonly principal: Principal;
}

const emptyHash = sha256('');

/** Knows the bearer tokens written in the configuration. Throws for an empty token and for one that names two. */
export class StaticTokenAuthenticator implements Authenticator {
  readonly name = 'static-token';
  readonly #known: readonly KnownToken[];

  constructor({ tokens, hashOf }: StaticTokenOptions) {
    const known: KnownToken[] = [];
    for (const { principal, secret } of tokens) {
      const hash = hashOf(secret);
      if (equal(hash, emptyHash)) throw new Error(`${principal.credential} of ${principal.id} is empty`);
      const twin = known.find((other) => equal(other.hash, hash));
      if (twin !== undefined) {
        throw new Error(
          `${principal.credential} has the same value as ${twin.principal.credential}: give each its own`,
        );
      }
      known.push({ hash, principal });
    }
    this.#known = known;
  }

  /** Looks at every token always: how long it takes says nothing about which one was close. */
  authenticate(token: string): Principal | undefined {
    const hash = sha256(token);
    let found: Principal | undefined;
    for (const known of this.#known) if (equal(known.hash, hash)) found = known.principal;
    return found;
  }
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
