import type { Trail } from '../audit/trail.js';
import type { WrongToken } from '../control/rest/admit.js';
import type { FirstKeyOrder } from '../control/setup-routes.js';
import { FailureThrottle } from '../identity/failure-throttle.js';
import { type IssuedKey, KeyRing } from '../identity/key-ring.js';
import { SetupToken } from '../identity/setup-token.js';
import type { Clock } from '../lib/clock.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { openPepper } from './pepper.js';
import type { CountingRecorder } from './recorder.js';

export interface FirstKeyParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly trail: Pick<Trail, 'write'>;
  readonly recorder: Pick<CountingRecorder, 'authFailed'>;
}

/** How a gateway without any key gets its first one: by a token that only its terminal shows. */
export class FirstKey {
  readonly #parts: FirstKeyParts;
  readonly #throttle: FailureThrottle;
  #token: SetupToken | undefined;

  constructor(parts: FirstKeyParts) {
    this.#parts = parts;
    this.#throttle = new FailureThrottle(parts.clock);
  }

  /** Makes the token where nobody has ever had a key, and nobody comes in by the configuration. */
  async offer({ auth }: EffectiveConfig): Promise<void> {
    if (auth.mode === 'none' || auth.tokens.length > 0) return;
    if ((await this.#parts.store.keys.list()).length === 0) this.#token = new SetupToken(this.#parts.clock);
  }

  /** For the terminal. */
  get token(): string | undefined {
    return this.#token?.text;
  }

  /** The key, recorded; for whoever has not the token, or comes too late, how long to wait where it fails too often. */
  async exchange({ token, principal, source }: FirstKeyOrder): Promise<IssuedKey | WrongToken> {
    const { store, clock, recorder } = this.#parts;
    if (this.#token?.use(token) !== true) {
      recorder.authFailed({ source, reason: 'setup_token' });
      return { retryAfterSeconds: this.#throttle.fail(source) };
    }
    const ring = new KeyRing({ keys: store.keys, pepper: openPepper(store), clock });
    const made = await ring.createFirst({ principal, roles: ['admin'] });
    if (made === undefined) return {};
    try {
      await this.#record(made);
    } catch (cause) {
      // What is not on record does not count.
      await ring.revoke(made.key.id);
      throw cause;
    }
    return made;
  }

  #record({ key: { id, principal, roles, tenant } }: IssuedKey): Promise<void> {
    const members = { key: id, principal, roles: [...roles], tenant, by: 'setup' };
    return this.#parts.trail.write('key.created', members);
  }
}
