import type { RejectedTool } from './import-tools.js';
import type { UpstreamEvent } from './upstream-event.js';

const mostAtOnce = 20;

/** Tells of tools that are left out: of each once for as long as it is, and of many at once only how many they are. */
export class Rejections {
  readonly #onEvent: (event: UpstreamEvent) => void;
  readonly #told = new Map<string, ReadonlySet<string>>();

  constructor(onEvent: (event: UpstreamEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** `rejected` is all that is left out of an upstream's tools now. */
  tell(upstream: string, rejected: readonly RejectedTool[]): void {
    const told = this.#told.get(upstream);
    this.#told.set(upstream, new Set(rejected.map(keyOf)));
    const fresh = rejected.filter((one) => told?.has(keyOf(one)) !== true);
    for (const { tool, reason } of fresh.slice(0, mostAtOnce)) {
      this.#onEvent({ kind: 'tool_rejected', upstream, tool, reason });
    }
    const more = fresh.length - mostAtOnce;
    if (more <= 0) return;
    const reason = `${more} more were left out at the same time`;
    this.#onEvent({ kind: 'tool_rejected', upstream, tool: `(${more} more)`, reason });
  }
}

function keyOf({ tool, reason }: RejectedTool): string {
  return `${tool}\0${reason}`;
}
