import type { Clock } from '../lib/clock.js';

/** A reply that somebody waits for. */
export interface QuietReply {
  /** Sends something without meaning, so that nobody on the way takes the connection for dead. */
  keepAlive(): void;
}

const silenceMs = 10_000;
const tickMs = 5_000;

/** One timer for all replies under way. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #lastSign = new Map<QuietReply, number>();
  #ticking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The reply begins to be waited for, or gave a sign by itself. */
  touch(reply: QuietReply): void {
    this.#lastSign.set(reply, this.#clock.now());
    if (!this.#ticking) this.#tickLater();
  }

  forget(reply: QuietReply): void {
    this.#lastSign.delete(reply);
  }

  #tickLater(): void {
    this.#ticking = true;
    this.#clock.after(tickMs, () => {
      this.#tick();
      if (this.#lastSign.size > 0) this.#tickLater();
      else this.#ticking = false;
    });
  }

  #tick(): void {
    const now = this.#clock.now();
    for (const [reply, lastSign] of this.#lastSign) {
      if (now - lastSign < silenceMs) continue;
      this.#lastSign.set(reply, now);
      reply.keepAlive();
    }
  }
}
