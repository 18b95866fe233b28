import type { Clock } from '../lib/clock.js';
import { randomToken } from '../lib/ids.js';

/** One event that was sent, or would have been. */
export interface KeptEvent {
  /** Its place in the stream, from 1. */
  readonly number: number;
  readonly message: string;
  readonly at: number;
  /** Whether the stream still makes sense without it, as it does without a notification. */
  readonly isSpare: boolean;
}

export interface EventLimits {
  readonly eventsPerStream: number;
  /** In the unit of `EventLog.size`, as is `sizeInAll`. */
  readonly sizePerSession: number;
  readonly sizeInAll: number;
  readonly keptMs: number;
}

/** Who watches over all logs together. */
export interface EventKeeper {
  readonly limits: EventLimits;
  readonly clock: Clock;
  /** A log tells this of itself. */
  resized(log: EventLog, by: number): void;
}

/** How much the streams of one session keep together, in the unit of `EventLog.size`. */
export interface SessionShare {
  size: number;
  /** Whose session it is, as text that is equal for one principal only. */
  readonly owner: string;
  /** Has another stream that is over, the oldest, forget what it holds; false where none does. */
  readonly forgetEnded?: (asking: EventLog) => boolean;
}

/** What an event costs besides its message. */
const eventOverhead = 128;

/** The last events of one stream. */
export class EventLog {
  /** Unguessable, so that the ids of one session mean nothing in another. */
  readonly key = randomToken(9);
  readonly #keeper: EventKeeper;
  readonly #share: SessionShare;
  #events: KeptEvent[] = [];
  #size = 0;
  #lastNumber = 0;

  constructor(keeper: EventKeeper, share: SessionShare) {
    this.#keeper = keeper;
    this.#share = share;
  }

  /** In UTF-16 units of the messages, and something for each. */
  get size(): number {
    return this.#size;
  }

  get owner(): string {
    return this.#share.owner;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Whether the newest event is still there. */
  get hasLast(): boolean {
    return this.#events.at(-1)?.number === this.#lastNumber;
  }

  idOf(number: number): string {
    return `${this.key}.${number}`;
  }

  /** Keeps the event as far as there is room, and returns its id. */
  add(message: string, isSpare: boolean): string {
    this.#lastNumber += 1;
    const event = { number: this.#lastNumber, message, at: this.#keeper.clock.now(), isSpare };
    this.#events.push(event);
    this.#resize(sizeOf(event));
    const { eventsPerStream, sizePerSession } = this.#keeper.limits;
    if (this.#events.length > eventsPerStream) this.#forgetOne();
    while (this.#share.size > sizePerSession) if (!this.#makeRoom()) break;
    return this.idOf(event.number);
  }

  after(number: number): readonly KeptEvent[] {
    return this.#events.filter((event) => event.number > number);
  }

  forgetBefore(time: number): void {
    this.#keep(this.#events.filter(({ at }) => at >= time));
  }

  forgetAll(): void {
    this.#keep([]);
  }

  /** Notifications take nobody's room but that of others on the same stream. */
  #makeRoom(): boolean {
    const hasSpare = this.#events.some(({ isSpare }) => isSpare);
    return (!hasSpare && this.#share.forgetEnded?.(this) === true) || this.#forgetOne();
  }

  /** What the client can do without goes first; the newest event goes last. */
  #forgetOne(): boolean {
    const spare = this.#events.findIndex(({ isSpare }) => isSpare);
    const [gone] = this.#events.splice(Math.max(spare, 0), 1);
    if (gone !== undefined) this.#resize(-sizeOf(gone));
    return gone !== undefined;
  }

  #keep(events: KeptEvent[]): void {
    this.#events = events;
    this.#resize(events.reduce((sum, event) => sum + sizeOf(event), -this.#size));
  }

  #resize(by: number): void {
    this.#size += by;
    this.#share.size += by;
    this.#keeper.resized(this, by);
  }
}

function sizeOf({ message }: KeptEvent): number {
  return message.length + eventOverhead;
}
