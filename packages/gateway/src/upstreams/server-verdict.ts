import type { Clock } from '../lib/clock.js';
import { OtherTransport, type ProbeExit } from './connection.js';
import type { UpstreamSpec } from './upstream-spec.js';

/** Era and transport are properties of the server's version; only the clock can tell that it was replaced. */
const verdictMs = 3_600_000;

/** What was found out about how a server wants to be spoken to. A verdict that it is an old one expires. */
export class ServerVerdict {
  readonly #clock: Clock;
  #legacyUntil = 0;
  #sseUntil = 0;
  /** How the server refused Streamable HTTP, until it comes up. */
  #refusal: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get knownLegacy(): boolean {
    return this.#clock.now() < this.#legacyUntil;
  }

  /** The spec of the connection to make: HTTP+SSE where the server turned out to speak that. */
  wayTo(spec: UpstreamSpec): UpstreamSpec {
    return spec.kind === 'http' && this.#clock.now() < this.#sseUntil ? { ...spec, kind: 'sse' } : spec;
  }

  /** It came up. */
  heard(modern: boolean): void {
    this.#refusal = undefined;
    if (!modern && !this.knownLegacy) this.#legacyUntil = this.#clock.now() + verdictMs;
  }

  /** A start failed in a way that says how the next one may succeed; false when that was tried already. */
  learnFrom(cause: ProbeExit | OtherTransport): boolean {
    const until = this.#clock.now() + verdictMs;
    if (cause instanceof OtherTransport) {
      if (this.#clock.now() < this.#sseUntil) return false;
      this.#sseUntil = until;
      this.#refusal = cause.message;
    } else this.#legacyUntil = until;
    return true;
  }

  /** Why it does not come up, with what was tried before. */
  explain(reason: string): string {
    return this.#refusal === undefined ? reason : `${this.#refusal}; over HTTP+SSE: ${reason}`;
  }

  /** It does not come up in the way that was found. */
  forget(): void {
    this.#legacyUntil = 0;
    this.#sseUntil = 0;
    this.#refusal = undefined;
  }
}
