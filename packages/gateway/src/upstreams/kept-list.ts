import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { Imported } from './import-definitions.js';
import { type ListSource, listOffer, type OfferItem, type OfferName } from './list-offer.js';
import type { Rejections } from './rejections.js';
import type { UpstreamSpec } from './upstream-spec.js';

const pauseMs = 1000;
/** A server that keeps sending lists which are a lot of work takes no more than a twentieth of the gateway's time. */
const restPerWork = 20;
const firstRetryMs = 5000;
const longestRetryMs = 300_000;
const longestReason = 500;

export interface KeptListDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly rejections: Rejections;
  /** Called when the items became others. */
  readonly onChange: () => void;
  readonly spec: () => UpstreamSpec;
  readonly redact: (text: string) => string;
}

/** The last good list of one kind that an upstream offers. It outlives the connection that it came by. */
export class KeptList<Name extends OfferName> {
  readonly #name: Name;
  readonly #deps: KeptListDeps;
  #items: readonly OfferItem<Name>[] | undefined;
  #source: ListSource | undefined;
  /** Busy: asking, or pausing after that. Patient: waiting to ask again, as the list did not come. */
  #state: 'quiet' | 'busy' | 'patient' = 'quiet';
  #again = false;
  /** What reading the last one took. */
  #workMs = 0;
  #retryMs = firstRetryMs;
  #stopTimer: (() => void) | undefined;

  constructor(name: Name, deps: KeptListDeps) {
    this.#name = name;
    this.#deps = deps;
  }

  /** The same array while nothing changed; undefined as long as no list has come. */
  get items(): readonly OfferItem<Name>[] | undefined {
    return this.#items;
  }

  /** Asks a source for the list without taking it over. */
  async ask(source: ListSource): Promise<Imported<OfferItem<Name>>> {
    const { spec, redact, clock } = this.#deps;
    const read = await listOffer(this.#name, source, { timeoutMs: spec().startTimeoutMs, redact });
    const start = clock.now();
    const listed = read();
    this.#workMs = clock.now() - start;
    return listed;
  }

  /** Takes over a list, and from now on asks its source again on refresh(). Where none came, asks again after a while. */
  follow(source: ListSource, listed: Imported<OfferItem<Name>> | Error): void {
    this.unfollow();
    this.#source = source;
    this.#retryMs = firstRetryMs;
    if (listed instanceof Error) this.#failed(listed);
    else this.#take(listed);
  }

  /** Keeps the list and hears no more of its source. */
  unfollow(): void {
    this.#source = undefined;
    this.#state = 'quiet';
    this.#again = false;
    this.#stopTimer?.();
  }

  /** Asks for the list again: once at a time and not in a burst, however often the upstream says that it changed. */
  refresh(): void {
    const source = this.#source;
    if (source === undefined) return;
    if (this.#state === 'quiet') {
      this.#again = false;
      void this.#askAgain(source);
    } else {
      this.#again = true;
      if (this.#state === 'patient') this.#rest(pauseMs);
    }
  }

  async #askAgain(source: ListSource): Promise<void> {
    this.#state = 'busy';
    try {
      const listed = await this.ask(source);
      if (source !== this.#source) return;
      this.#retryMs = firstRetryMs;
      const { clock } = this.#deps;
      const start = clock.now();
      this.#take(listed);
      const workMs = this.#workMs + clock.now() - start;
      this.#rest(Math.max(pauseMs, workMs * restPerWork));
    } catch (cause) {
      if (source === this.#source) this.#failed(cause);
    }
  }

  #failed(cause: unknown): void {
    const { log, spec, redact } = this.#deps;
    const reason = redact(String(cause)).slice(0, longestReason);
    log.warn({ upstream: spec().id, cause: reason }, `the list of ${this.#name} did not come`);
    this.#again = true;
    this.#rest(this.#retryMs);
    this.#state = 'patient';
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
  }

  #rest(ms: number): void {
    this.#state = 'busy';
    this.#stopTimer?.();
    this.#stopTimer = this.#deps.clock.after(ms, () => {
      this.#state = 'quiet';
      if (this.#again) this.refresh();
    });
  }

  #take({ items, rejected }: Imported<OfferItem<Name>>): void {
    this.#deps.rejections.tell(this.#deps.spec().id, this.#name, rejected);
    if (this.#items !== undefined && sameItems(this.#items, items)) return;
    this.#items = items;
    this.#deps.onChange();
  }
}

/** By the text of the definitions, because callers are shown that, `_meta` included. */
function sameItems(a: readonly OfferItem<OfferName>[], b: readonly OfferItem<OfferName>[]): boolean {
  return (
    a.length === b.length && a.every((item, index) => item.definition.text === b[index]?.definition.text)
  );
}
