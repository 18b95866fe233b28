import type { Clock } from '../lib/clock.js';

/** A reply that somebody waits for. */
export interface QuietReply {
  /** Ticks since it last gave a sign; the reply sets it to 0 when it gives one by itself. */
  silentTicks: number;
  /** Sends something without meaning, so that nobody on the way takes the connection for dead. */
  keepAlive(): void;
}

const tickMs = 5_000;
const mostSilentTicks = 2;

/** One timer for all replies under way; none is silent for more than ten seconds. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #replies = new Set<QuietReply>();
  #ticking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The reply begins to be waited for. */
  watch(reply: QuietReply): void {
    this.#replies.add(reply);
    if (!this.#ticking) this.#tickLater();
  }

  forget(reply: QuietReply): void {
    this.#replies.delete(reply);
  }

  #tickLater(): void {
    this.#ticking = true;
    this.#clock.after(tickMs, () => {
      for (const reply of this.#replies) tell(reply);
      if (this.#replies.size > 0) this.#tickLater();
      else this.#ticking = false;
    });
  }
}

function tell(reply: QuietReply): void {
  reply.silentTicks += 1;
  if (reply.silentTicks < mostSilentTicks) return;
  reply.silentTicks = 0;
  reply.keepAlive();
}
