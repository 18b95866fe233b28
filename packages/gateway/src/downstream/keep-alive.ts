import type { Clock } from '../lib/clock.js';
import { Roster, type Rostered } from '../lib/roster.js';

/** A reply that somebody waits for. */
export interface QuietReply extends Rostered {
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
  readonly #replies = new Roster<QuietReply>();
  #ticking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The reply begins to be waited for. */
  watch(reply: QuietReply): void {
    this.#replies.join(reply);
    if (!this.#ticking) this.#tickLater();
  }

  forget(reply: QuietReply): void {
    this.#replies.leave(reply);
  }

  #tickLater(): void {
    this.#ticking = true;
    this.#clock.after(tickMs, () => {
      // A reply that cannot be written to leaves while it is told.
      for (const reply of this.#replies.list()) tell(reply);
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
