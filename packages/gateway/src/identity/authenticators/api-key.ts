import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../model/log.js';
import type { Principal } from '../../model/principal.js';
import type { KeyRow, KeyTable } from '../../store/key-table.js';
import { AuthenticationFailure } from '../authentication-failure.js';
import type { Authenticator } from '../authenticator.js';
import { principalOf, stateOfKey } from '../key-ring.js';
import { hashKey, keyIdIn } from '../key-text.js';

export interface ApiKeyOptions {
  readonly keys: KeyTable;
  readonly pepper: Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
}

const hourMs = 3600 * 1000;

/** Compared with when there is no such key, so that both answers take as long. */
const nobodysHash = new Uint8Array(32);

/** Knows the API keys in the store. Tells an expired or revoked key from an unknown one only to its true holder. */
export class ApiKeyAuthenticator implements Authenticator {
  readonly name = 'api-key';
  readonly #options: ApiKeyOptions;

  constructor(options: ApiKeyOptions) {
    this.#options = options;
  }

  authenticate(token: string): Principal | undefined {
    const id = keyIdIn(token);
    if (id === undefined) return undefined;
    const row = this.#options.keys.find(id);
    const matches = timingSafeEqual(row?.hash ?? nobodysHash, hashKey(this.#options.pepper, token));
    if (row === undefined || !matches) return undefined;
    const now = this.#options.clock.now();
    const credential = `key:${row.id}`;
    const state = stateOfKey(row, now);
    if (state !== 'active') throw new AuthenticationFailure(state, { credential });
    this.#noteUse(row, now);
    return principalOf(row);
  }

  /** To the hour, so that a busy key costs one write an hour. */
  #noteUse({ id, lastUsedAt = 0 }: KeyRow, now: number): void {
    const hour = now - (now % hourMs);
    if (lastUsedAt >= hour) return;
    this.#options.keys.touch(id, hour).catch((cause: unknown) => {
      this.#options.log.warn({ err: cause, key: id }, 'the time of use of a key could not be written');
    });
  }
}
