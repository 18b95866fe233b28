import type { Clock } from '../../lib/clock.js';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonText } from '../../model/json.js';
import type { Log } from '../../model/log.js';
import type { ConnectionContext } from '../connection.js';
import { idTextIn, type Notice } from './json-rpc.js';
import type { OpenRequests } from './open-requests.js';
import type { PendingRequest, RequestEnd } from './pending-request.js';
import { type Posed, Questions } from './questions.js';
import { routeNotice } from './server-notices.js';

/** For so long a server may still speak about a call that nobody waits for. */
const echoMs = 60_000;

const mostLeavers = 100;

export interface VoiceParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly context: ConnectionContext;
  readonly requests: OpenRequests<PendingRequest>;
  /** Hears by which request a modern server agreed to tell of changes. */
  readonly onAgreed?: ((requestId: number) => void) | undefined;
}

/**
 * Hands what a server says of its own accord to whom it concerns. The stream tells which call that is, where there is one
 * for each call; elsewhere the calls in flight are few enough to know (see UpstreamSession.admits).
 */
export class ServerVoice {
  readonly #parts: VoiceParts;
  readonly #questions: Questions;
  /** Whose calls were left, and when last; what is said about requests of the gateway's own is nobody's secret. */
  readonly #left = new Map<string, number>();

  constructor(parts: VoiceParts) {
    this.#parts = parts;
    this.#questions = new Questions(parts.log);
  }

  onRequest(posed: Posed): void {
    this.#questions.put(posed);
  }

  onNotice(notice: Notice, call: PendingRequest | undefined): void {
    switch (notice.method) {
      case 'notifications/progress':
        this.#onProgress(notice.params);
        break;
      case 'notifications/cancelled':
        this.#onWithdrawn(notice.params);
        break;
      case 'notifications/subscriptions/acknowledged':
        this.#onAgreed(notice.params);
        break;
      default:
        routeNotice(notice, call ?? this.#onlyCall(), this.#parts.context);
    }
  }

  callEnded(call: PendingRequest, end: RequestEnd): void {
    if (end !== 'settled' && call.request.principal !== undefined) this.#noteLeft(whoOf(call));
    this.#questions.callEnded(call);
  }

  /** What is said may be about a call that another caller left: then it is about none in flight. */
  #onlyCall(): PendingRequest | undefined {
    const only = this.#parts.requests.only();
    if (only === undefined || this.#left.size === 0) return only;
    const now = this.#parts.clock.now();
    for (const [who, at] of this.#left) if (now - at >= echoMs) this.#left.delete(who);
    const own = whoOf(only);
    return [...this.#left.keys()].every((who) => who === own) ? only : undefined;
  }

  /** Beyond some callers nobody is told apart any more. */
  #noteLeft(who: string): void {
    const name = this.#left.size < mostLeavers || this.#left.has(who) ? who : 'several';
    this.#left.set(name, this.#parts.clock.now());
  }

  #onProgress(params: JsonText | undefined): void {
    if (params === undefined || !isJsonObject(params.value)) return;
    const token = params.value.progressToken;
    if (typeof token === 'number') this.#parts.requests.find(token)?.progress(params.text);
  }

  #onWithdrawn(params: JsonText | undefined): void {
    const idText = idTextIn(params);
    if (idText !== undefined) this.#questions.withdraw(idText);
  }

  #onAgreed(params: JsonText | undefined): void {
    const meta = isJsonObject(params?.value) ? params.value._meta : undefined;
    const id = isJsonObject(meta) ? meta['io.modelcontextprotocol/subscriptionId'] : undefined;
    if (typeof id === 'number') this.#parts.onAgreed?.(id);
  }
}

/** Equal for calls of the same principal; the gateway's own requests are nobody's. */
function whoOf({ request: { principal } }: PendingRequest): string {
  return principal === undefined ? '' : JSON.stringify([principal.tenant, principal.id]);
}
