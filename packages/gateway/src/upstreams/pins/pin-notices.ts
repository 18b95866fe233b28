import type { Clock } from '../../lib/clock.js';
import type { JsonObject } from '../../model/json.js';
import type { RecordType } from '../../model/record.js';

/** What the gateway itself tells of pins. */
export type PinNoticeType = Extract<RecordType, 'pin.accepted' | 'upstream.tool_quarantined'>;

export type Note = (type: RecordType, members: JsonObject) => void;

/** Of one type about one upstream, this many are told one by one in a window; the rest is counted. */
const toldOneByOne = 50;
const windowMs = 60_000;

interface Window {
  readonly type: PinNoticeType;
  readonly upstream: string;
  told: number;
  counted: number;
}

/** Tells of pins, so that an upstream that keeps changing its definitions does not flood the trail and the log. */
export class PinNotices {
  readonly #clock: Clock;
  readonly #note: Note;
  /** By type and upstream; as many as there are upstreams at most. */
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock, note: Note) {
    this.#clock = clock;
    this.#note = note;
  }

  /** False for one that is only counted. */
  tell(type: PinNoticeType, upstream: string, members: JsonObject): boolean {
    const window = this.#windows.get(`${type} ${upstream}`) ?? this.#open(type, upstream);
    if (window.told >= toldOneByOne) {
      window.counted += 1;
      return false;
    }
    window.told += 1;
    this.#note(type, members);
    return true;
  }

  #open(type: PinNoticeType, upstream: string): Window {
    const window: Window = { type, upstream, told: 0, counted: 0 };
    const key = `${type} ${upstream}`;
    this.#windows.set(key, window);
    this.#clock.after(windowMs, () => {
      this.#windows.delete(key);
      this.#sum(window);
    });
    return window;
  }

  #sum({ type, upstream, counted }: Window): void {
    if (counted > 0) this.#note(type, { upstream, count: counted, window_s: windowMs / 1000 });
  }

  /** Writes the counts whose window is not over yet. */
  end(): void {
    for (const window of this.#windows.values()) this.#sum(window);
    this.#windows.clear();
  }
}
