import type { Clock } from '../lib/clock.js';
import { writeObject } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { UpstreamQuestion } from '../model/client.js';
import type { Principal } from '../model/principal.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import { capabilitiesKey } from './era.js';
import { type InputRequest, inputRequestsText } from './input-requests.js';
import { inputResponsesOf } from './input-responses.js';
import type { RequestMessage } from './message.js';
import { type Desk, type InputRequired, ParkedCall, type ParkedOutcome } from './parked-call.js';
import type { Silence } from './question-message.js';
import { callerOf, digestOf, RequestStates, stateFault } from './request-state.js';

export interface ParkedCallsOptions {
  readonly govern: GovernCall;
  readonly clock: Clock;
  /** Whether somebody has stopped every call of the caller. */
  readonly isStopped?: (principal: Principal) => boolean;
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly limits?: Partial<ParkingLimits>;
}

export interface ParkingLimits {
  /** How long a client may take for its answers. */
  readonly answerMs: number;
  /** Calls of one principal that are parked at a time. */
  readonly perPrincipal: number;
  readonly total: number;
  /** UTF-16 units of all that is kept for parked calls: requests, questions, results that nobody came back for yet. */
  readonly units: number;
  /** The same for one principal, so that none takes the room of the others. */
  readonly unitsPerPrincipal: number;
}

const defaults: ParkingLimits = {
  answerMs: 600_000,
  perPrincipal: 32,
  total: 1024,
  units: 67_108_864,
  unitsPerPrincipal: 16_777_216,
};

/** What one principal has parked. */
interface Holding {
  calls: number;
  units: number;
}

interface Place {
  readonly parked: ParkedCall;
  readonly caller: string;
  readonly asked: string;
  readonly holding: Holding;
  units: number;
  stopWaiting: () => void;
}

/**
 * The calls of modern clients that upstreams ask something about. Such a client is asked in the answer to its request and
 * answers by sending the request again, so its call goes on here while no request waits for it.
 */
export class ParkedCalls implements Desk {
  readonly #options: ParkedCallsOptions;
  readonly #limits: ParkingLimits;
  readonly #states = new RequestStates();
  readonly #places = new Map<string, Place>();
  readonly #holdings = new Map<string, Holding>();
  /** When each question was first put, in milliseconds since the epoch: to be asked again gives nobody more time. */
  readonly #askedAt = new WeakMap<UpstreamQuestion, number>();
  #units = 0;
  #stopped = false;

  constructor(options: ParkedCallsOptions) {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
  }

  get size(): number {
    return this.#places.size;
  }

  /** Has the call governed, or goes on with the one that the request is a retry of; rejects with ProtocolFault. */
  run(call: Call, request: RequestMessage): Promise<ParkedOutcome> {
    const { params } = request;
    // Nothing goes on for a caller that was stopped; what it sent is refused, and on record.
    if (this.#options.isStopped?.(call.principal) === true) return this.#options.govern(call);
    if (Object.hasOwn(params, 'requestState') || Object.hasOwn(params, 'inputResponses')) {
      return this.#answered(call, request);
    }
    if (!canBeAsked(request)) return this.#options.govern(call);
    return new ParkedCall(call, this, { units: unitsOf(request) }).begin(this.#options.govern);
  }

  /** Gives up every call that nobody waits for; from now on none is parked. */
  stop(): void {
    this.#stopped = true;
    for (const { parked } of this.#places.values()) if (!parked.isWaitedFor) parked.abandon('gone');
  }

  async #answered(call: Call, request: RequestMessage): Promise<ParkedOutcome> {
    const responses = inputResponsesOf(request);
    if (Object.hasOwn(request.params, 'requestState')) {
      const place = this.#placeNamedBy(call, request);
      const waiting = place.parked.resume(call, responses);
      place.stopWaiting();
      return waiting;
    }
    // Some servers need no state, and their clients may know beforehand what will be asked and under which key.
    if (!canBeAsked(request)) return this.#options.govern(call);
    const first = { units: unitsOf(request), given: responses };
    return new ParkedCall(call, this, first).begin(this.#options.govern);
  }

  #placeNamedBy(retry: Call, { params }: RequestMessage): Place {
    const state = this.#states.read(params.requestState, retry);
    const place = this.#places.get(state.call);
    if (place === undefined) throw stateFault('state_unknown_call');
    if (place.parked.isWaitedFor || place.parked.round !== state.round) throw stateFault('state_replayed');
    return place;
  }

  admit(parked: ParkedCall, units: number): Silence | undefined {
    if (this.#stopped) return 'gone';
    const known = this.#places.get(parked.id);
    const place = known ?? this.#newPlace(parked);
    const more = units - place.units;
    const { holding } = place;
    if (this.#units + more > this.#limits.units) return 'crowded';
    if (holding.units + more > this.#limits.unitsPerPrincipal) return 'crowded';
    if (known === undefined && !this.#enter(place)) return 'crowded';
    this.#units += more;
    holding.units += more;
    place.units = units;
    return undefined;
  }

  put(parked: ParkedCall, requests: readonly InputRequest[]): InputRequired {
    const place = this.#places.get(parked.id);
    if (place === undefined) throw new Error('a call that was not admitted asks its client');
    const { clock, serverInfo } = this.#options;
    const expires = this.#deadlineOf(requests);
    place.stopWaiting = clock.after(expires - clock.now(), () => parked.abandon('late'));
    const { caller, asked } = place;
    const state = this.#states.write({ call: parked.id, round: parked.round, expires, caller, asked });
    const result = writeObject([
      ['resultType', '"input_required"'],
      ['inputRequests', inputRequestsText(requests)],
      ['requestState', JSON.stringify(state)],
      ['_meta', JSON.stringify({ 'io.modelcontextprotocol/serverInfo': serverInfo })],
    ]);
    return { kind: 'input_required', callId: parked.first.id, result };
  }

  #deadlineOf(requests: readonly InputRequest[]): number {
    const now = this.#options.clock.now();
    let oldest = now;
    for (const { question } of requests) {
      const at = this.#askedAt.get(question) ?? now;
      this.#askedAt.set(question, at);
      oldest = Math.min(oldest, at);
    }
    return Math.max(now, oldest + this.#limits.answerMs);
  }

  leave(parked: ParkedCall): void {
    const place = this.#places.get(parked.id);
    if (place === undefined) return;
    place.stopWaiting();
    this.#places.delete(parked.id);
    this.#units -= place.units;
    const { holding, caller } = place;
    holding.units -= place.units;
    holding.calls -= 1;
    if (holding.calls === 0) this.#holdings.delete(caller);
  }

  #newPlace(parked: ParkedCall): Place {
    const caller = callerOf(parked.first.principal);
    const holding = this.#holdings.get(caller) ?? { calls: 0, units: 0 };
    const asked = digestOf(parked.first);
    return { parked, caller, asked, holding, units: 0, stopWaiting: () => undefined };
  }

  /** False where its caller, or the gateway, has as many calls parked as may be. */
  #enter(place: Place): boolean {
    const { holding, caller, parked } = place;
    if (holding.calls >= this.#limits.perPrincipal || this.#places.size >= this.#limits.total) return false;
    holding.calls += 1;
    this.#holdings.set(caller, holding);
    this.#places.set(parked.id, place);
    return true;
  }
}

/** All of it is kept as long as the call is. */
function unitsOf({ document }: RequestMessage): number {
  return document.text.length;
}

/** Whether the request declares anything that it could be asked, without reading it once more. */
function canBeAsked({ params: { _meta } }: RequestMessage): boolean {
  const declared = isJsonObject(_meta) ? _meta[capabilitiesKey] : undefined;
  if (!isJsonObject(declared)) return false;
  const { elicitation, sampling, roots } = declared;
  return elicitation !== undefined || sampling !== undefined || roots !== undefined;
}
