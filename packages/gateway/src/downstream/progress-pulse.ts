import { membersOf } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { RequestMessage } from './message.js';

/** With signs of life every ten seconds, every so manieth is progress: each half minute. */
const beatsPerPulse = 3;
/** Progress must grow; what servers report themselves grows by more than this, or this part of it. */
const leastStep = 1e-9;
const leastPart = 1e-12;
const beginning = '{"jsonrpc":"2.0","method":"notifications/progress",';

/**
 * Tells a client which asked for progress that its silent call is still waited for. Many clients give up on a call of
 * which they hear nothing, and to most of them only progress is news.
 */
export class ProgressPulse {
  readonly #request: RequestMessage;
  /** The last progress that the call itself reported, as JSON text. */
  #reported: string | undefined;
  #value = 0;
  #beats = 0;

  constructor(request: RequestMessage) {
    this.#request = request;
  }

  /** The call said something by itself. */
  heard(notice: string): void {
    this.#beats = 0;
    if (notice.startsWith(beginning)) this.#reported = notice;
  }

  /** Ten more seconds without a word; returns the notification to send, if it is time for one. */
  beat(): string | undefined {
    this.#beats += 1;
    if (this.#beats % beatsPerPulse !== 0) return undefined;
    const token = this.#token();
    if (token === undefined) return undefined;
    const value = Math.max(progressIn(this.#reported), this.#value);
    this.#value = value + Math.max(leastStep, value * leastPart);
    const seconds = this.#beats * 10;
    const message = JSON.stringify(
      `Nothing was heard of this call for ${seconds} seconds; the gateway waits for it`,
    );
    const params = `{"progressToken":${token},"progress":${this.#value},"message":${message}}`;
    return `${beginning}"params":${params}}`;
  }

  /** Its exact text. */
  #token(): string | undefined {
    if (!wantsProgress(this.#request)) return undefined;
    const meta = this.#request.document.member('params', '_meta')?.text ?? '{}';
    return membersOf(meta).find(([name]) => name === 'progressToken')?.[1];
  }
}

export function wantsProgress({ params: { _meta } }: RequestMessage): boolean {
  return isJsonObject(_meta) && _meta.progressToken !== undefined;
}

function progressIn(notice: string | undefined): number {
  const value = notice === undefined ? undefined : parseJson(notice).value;
  const params = isJsonObject(value) ? value.params : undefined;
  return isJsonObject(params) && typeof params.progress === 'number' ? params.progress : 0;
}
