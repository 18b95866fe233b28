import type { Clock } from '../lib/clock.js';
import type { Connection } from './connection.js';

/** The connections of one upstream that get no new calls any more, until they are closed. */
export class ClosingConnections {
  readonly #clock: Clock;
  readonly #closings = new Set<Promise<void>>();
  readonly #hurried: Promise<void>;
  #hurry: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#hurried = new Promise((resolve) => {
      this.#hurry = resolve;
    });
  }

  close(connection: Connection): void {
    this.#track(connection.close());
  }

  /** Closes it when no request is in flight on it, and after `ms` in any case. */
  closeWhenIdle(connection: Connection, ms: number): void {
    const idle = Promise.race([connection.idle(), this.pause(ms)]);
    this.#track(idle.then(() => connection.close()));
  }

  /** Resolves after `ms`, or when nothing is waited for any more. */
  pause(ms: number): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#clock.after(ms, resolve);
    });
    return Promise.race([over, this.#hurried]);
  }

  /** From now on nothing is waited for but the closing itself. */
  hurry(): void {
    this.#hurry();
  }

  /** Resolves when all of them are closed. */
  async closed(): Promise<void> {
    await Promise.all(this.#closings);
  }

  #track(closing: Promise<void>): void {
    this.#closings.add(closing);
    void closing.finally(() => this.#closings.delete(closing));
  }
}
