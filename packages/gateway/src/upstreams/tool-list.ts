import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { ImportedTool, ToolImport } from './import-tools.js';
import { type ListSource, listTools } from './list-tools.js';
import { Rejections } from './rejections.js';
import type { UpstreamEvent } from './upstream-event.js';
import type { UpstreamSpec } from './upstream-spec.js';

const pauseMs = 1000;
const retryMs = 5000;
const longestReason = 500;

export interface ToolListDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly onEvent: (event: UpstreamEvent) => void;
  readonly onTools: () => void;
  readonly spec: () => UpstreamSpec;
  readonly redact: (text: string) => string;
}

/** The last good list of one upstream's tools. It outlives the connection that it came by. */
export class ToolList {
  readonly #deps: ToolListDeps;
  readonly #rejections: Rejections;
  #tools: readonly ImportedTool[] = [];
  #source: ListSource | undefined;
  #busy = false;
  #again = false;
  #stopTimer: (() => void) | undefined;

  constructor(deps: ToolListDeps) {
    this.#deps = deps;
    this.#rejections = new Rejections(deps.onEvent);
  }

  get tools(): readonly ImportedTool[] {
    return this.#tools;
  }

  /** Takes over a list and from now on asks its source again whenever that says that something changed. */
  follow(source: ListSource, listed: ToolImport): void {
    this.#source = source;
    this.#take(listed);
  }

  /** Keeps the list and hears no more of its source. */
  unfollow(): void {
    this.#source = undefined;
    this.#busy = false;
    this.#again = false;
    this.#stopTimer?.();
  }

  /** Asks for the list again: once at a time and not in a burst, however often the upstream says that it changed. */
  refresh(): void {
    const source = this.#source;
    if (source === undefined) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    this.#again = false;
    void this.#askAgain(source);
  }

  async #askAgain(source: ListSource): Promise<void> {
    let waitMs = pauseMs;
    const { id, startTimeoutMs: timeoutMs } = this.#deps.spec();
    const { redact } = this.#deps;
    try {
      const listed = await listTools(source, { timeoutMs, redact });
      if (source === this.#source) this.#take(listed);
    } catch (cause) {
      if (source !== this.#source) return;
      const reason = redact(String(cause)).slice(0, longestReason);
      this.#deps.log.warn({ upstream: id, cause: reason }, 'the new list of tools did not come');
      this.#again = true;
      waitMs = retryMs;
    }
    if (source !== this.#source) return;
    this.#stopTimer = this.#deps.clock.after(waitMs, () => {
      this.#busy = false;
      if (this.#again) this.refresh();
    });
  }

  #take({ tools, rejected }: ToolImport): void {
    this.#rejections.tell(this.#deps.spec().id, rejected);
    if (sameTools(this.#tools, tools)) return;
    this.#tools = tools;
    this.#deps.onTools();
  }
}

/** By the text of the definitions, because callers are shown that, `_meta` included. */
function sameTools(a: readonly ImportedTool[], b: readonly ImportedTool[]): boolean {
  return (
    a.length === b.length && a.every((tool, index) => tool.definition.text === b[index]?.definition.text)
  );
}
