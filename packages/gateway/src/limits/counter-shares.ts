/** Whether a table takes another counter: not when it is `full`, nor when its caller has its `share`. */
export type Room = 'yes' | 'full' | 'share';

/**
 * How many counters each caller has made. A table of counters is shared by all, and a caller chooses some of what is
 * counted apart (values of arguments, sessions): none may take the room of the others.
 */
export class CounterShares {
  readonly #most: number;
  readonly #held = new Map<string, number>();

  constructor(mostOfOne: number) {
    this.#most = mostOfOne;
  }

  hasRoom(owner: string): boolean {
    return (this.#held.get(owner) ?? 0) < this.#most;
  }

  add(owner: string): void {
    this.#held.set(owner, (this.#held.get(owner) ?? 0) + 1);
  }

  remove(owner: string): void {
    const left = (this.#held.get(owner) ?? 0) - 1;
    if (left > 0) this.#held.set(owner, left);
    else this.#held.delete(owner);
  }
}
