import type { Rejected } from './import-definitions.js';
import type { UpstreamEvent } from './upstream-event.js';

const mostAtOnce = 20;

/** Tells of what is left out: of each once for as long as it is, and of many at once only how many they are. */
export class Rejections {
  readonly #onEvent: (event: UpstreamEvent) => void;
  readonly #told = new Map<string, ReadonlySet<string>>();

  constructor(onEvent: (event: UpstreamEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** `rejected` is all that is left out of one list of an upstream now. */
  tell(upstream: string, list: string, rejected: readonly Rejected[]): void {
    const place = `${upstream} ${list}`;
    const told = this.#told.get(place);
    if (rejected.length === 0) this.#told.delete(place);
    else this.#told.set(place, new Set(rejected.map(keyOf)));
    const fresh = rejected.filter((one) => told?.has(keyOf(one)) !== true);
    for (const one of fresh.slice(0, mostAtOnce)) {
      this.#onEvent({ kind: 'tool_rejected', upstream, ...one });
    }
    const [first] = fresh;
    const more = fresh.length - mostAtOnce;
    if (first === undefined || more <= 0) return;
    const reason = `${more} more were left out at the same time`;
    this.#onEvent({ kind: 'tool_rejected', upstream, what: first.what, name: `(${more} more)`, reason });
  }
}

function keyOf({ what, name, reason }: Rejected): string {
  return `${what}\0${name}\0${reason}`;
}
