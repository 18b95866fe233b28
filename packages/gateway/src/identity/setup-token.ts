import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../lib/clock.js';
import { randomToken } from '../lib/ids.js';

const livesMs = 3_600_000;

/** The one secret of a gateway that has no key yet: shown once on its terminal, good for the first key, for an hour. */
export class SetupToken {
  readonly text: string = `setup_${randomToken(32)}`;
  readonly #clock: Clock;
  readonly #until: number;
  #used = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#until = clock.now() + livesMs;
  }

  /** Whether this is it, and still good; it is not from then on. */
  use(presented: string): boolean {
    const isRight = timingSafeEqual(hash(presented), hash(this.text));
    if (!isRight || this.#used || this.#clock.now() >= this.#until) return false;
    this.#used = true;
    return true;
  }
}

function hash(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}
