import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { isCarriedOut } from '../approvals/is-carried-out.js';
import type { Clock } from '../lib/clock.js';
import { newId } from '../lib/ids.js';
import { writeObject } from '../lib/json/members.js';
import type { Call } from '../model/call.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { Hold } from '../model/hold.js';
import type { Log } from '../model/log.js';
import type { Suspended } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import { Refusal } from '../model/refusal.js';
import { type PatienceTable, patienceOf } from './client-patience.js';
import {
  type HeldPage,
  invite,
  opensPages,
  type PageAnswer,
  pageRequest,
  pageRequired,
  readPageAnswer,
} from './held-page.js';
import type { HeldStates } from './held-states.js';
import { inputResponsesOf } from './input-responses.js';
import type { RequestMessage } from './message.js';
import type { InputRequired, ParkedOutcome } from './parked-call.js';
import { holdKey } from './result-in-era.js';

export interface HeldCallsOptions {
  readonly approvals: Pick<
    ApprovalDesk,
    'find' | 'refuse' | 'wait' | 'waitForResult' | 'cancel' | 'isWaitedFor'
  >;
  readonly clock: Clock;
  readonly log: Log;
  readonly states: HeldStates;
  /** The handle, as JSON text, of the task that a held call becomes; undefined where it cannot be one. */
  readonly asTask?: (suspended: Suspended, call: Call) => string | undefined;
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly settings: () => HeldSettings;
  /** A caller who waited as they are now; undefined where their credential, or session, is not good any more. */
  readonly callerNow: (principal: Principal) => Principal | undefined;
}

export interface HeldSettings {
  /** What the configuration says of the patience of clients. */
  readonly patienceMs: PatienceTable;
  readonly heldIsError: boolean;
  /** Where the page of a hold is, where that is known. */
  readonly linkTo?: (hold: string) => string | undefined;
  /** Whether clients that can are asked to open it. */
  readonly opensPage?: boolean;
}

/** A request whose call may be held. */
export interface HeldRequest {
  readonly call: Call;
  /** Whether the client may be told to come back, which modern clients are for some methods. */
  readonly canReturn: boolean;
  /** How many turns it has waited already. */
  readonly turn: number;
  /** What it brought back for the page that it was asked to open. */
  readonly page?: PageAnswer | undefined;
  /** Whether nobody would read the reply: then the call is left to be made again. */
  readonly isGone: () => boolean;
  /** Has a call governed. */
  readonly run: (call: Call) => Promise<ParkedOutcome>;
}

const credentialGone = 'The credential of this call is not valid any more';

/** A request that came back, without what it brought. */
export interface HeldReturn {
  readonly turn: number;
  readonly request: RequestMessage;
  readonly page?: PageAnswer;
}

/** How a request ends whose call is held: besides all else, as a task. */
export type HeldOutcome =
  | ParkedOutcome
  | {
      readonly kind: 'task';
      readonly callId: string;
      /** The whole result, as JSON text. */
      readonly result: string;
    };

/** SDK clients come back ten times at most. */
const mostTurns = 8;

/**
 * How clients wait for people, chosen from what this request allows: its reply is kept open for as long as the client has
 * patience; a modern client is then told to come back; and at the end every client is told that nothing was done yet.
 * Nothing is held meanwhile but the request itself, and whoever waited is governed again from the top.
 */
export class HeldCalls {
  readonly #options: HeldCallsOptions;

  constructor(options: HeldCallsOptions) {
    this.#options = options;
  }

  get heldIsError(): boolean {
    return this.#options.settings().heldIsError;
  }

  /** Where people decide, as far as it is configured. */
  pageOf(hold: Hold): string | undefined {
    return this.#options.settings().linkTo?.(hold.id);
  }

  /** What a request brought back of ours, and the request without it; undefined where it brought nothing of ours. */
  async returned(request: RequestMessage, call: Call): Promise<HeldReturn | undefined> {
    const { requestState, inputResponses: _answers, ...params } = request.params;
    const state = this.#options.states.read(requestState, call);
    if (state === undefined) return undefined;
    const { answer, tries } = readPageAnswer(inputResponsesOf(request));
    if (tries) await this.#refuse(state.hold, call);
    const back = { turn: state.turn, request: { ...request, params } };
    return state.page === true ? { ...back, page: answer } : back;
  }

  /** Waits for the hold's end, and has the call governed again; resolves with how that went, or with how to go on. */
  async wait(first: Suspended, asked: HeldRequest): Promise<HeldOutcome> {
    const { call } = asked;
    const logged = (cause: unknown): void => {
      this.#options.log.error({ err: cause, call: call.id }, 'a try to answer a hold could not be recorded');
    };
    const handle = this.#options.asTask?.(first, call);
    if (handle !== undefined) return { kind: 'task', callId: first.callId, result: handle };
    const page = this.#pageFor(first, asked);
    const { mode } = first.hold.terms;
    if (page !== undefined && asked.canReturn && mode !== 'wait')
      return this.#comeBack(first, asked, { turn: asked.turn, page });
    const isDeclined = asked.page === 'decline' && first.hold.state === 'pending';
    if (mode === 'hold' || isDeclined) return this.#atOnce(first, page);
    tellProgress(call, first.hold);
    if (page === undefined) return this.#held(first, asked, call.signal);
    const invitation = invite(page, call, () => void this.#refuse(page.hold.id, call).catch(logged));
    return this.#held(first, asked, invitation.signal).finally(() => invitation.end());
  }

  async #held(first: Suspended, asked: HeldRequest, signal: CancelSignal): Promise<ParkedOutcome> {
    const { clock, approvals, callerNow } = this.#options;
    const { call, run } = asked;
    const until = clock.now() + this.#patienceMs(first.hold, call);
    const left = (): number => Math.max(0, until - clock.now());
    let suspended = first;
    while (suspended.hold.terms.mode !== 'hold') {
      // The gateway itself makes, or made, the call of one that is used.
      const isUsed = suspended.hold.state === 'used';
      const latest = isUsed ? suspended.hold : await approvals.wait(suspended.hold, left(), signal);
      const isOpen = latest.state === 'pending';
      if (isOpen || isOver(latest)) return this.#unanswered({ ...suspended, hold: latest }, asked);
      if (isUsed || (isCarriedOut(latest) && (latest.state === 'approved' || latest.state === 'used'))) {
        const done = await approvals.waitForResult(latest, left(), call.signal);
        if (clock.now() >= until || call.signal.aborted) return { ...suspended, hold: done };
      }
      if (asked.isGone()) return { ...suspended, hold: latest };
      const principal = callerNow(call.principal);
      if (principal === undefined) return expired(suspended.callId, credentialGone);
      const outcome = await run({ ...call, principal, id: newId(), at: clock.now() });
      // Whoever has waited for a result and found none is told so.
      if (outcome.kind !== 'suspended' || (isUsed && outcome.hold.state === 'used')) return outcome;
      suspended = outcome;
    }
    return suspended;
  }

  /** A client that opens pages and cannot be asked while it waits learns by an error that there is one. */
  #atOnce(suspended: Suspended, page: HeldPage | undefined): ParkedOutcome {
    if (page === undefined) return suspended;
    return { kind: 'errored', callId: suspended.callId, error: pageRequired(page, suspended) };
  }

  /** The page, for a client that can open it and was not asked to yet. */
  #pageFor({ hold }: Suspended, { call, page }: HeldRequest): HeldPage | undefined {
    const url = this.pageOf(hold);
    const isOn = this.#options.settings().opensPage === true && url !== undefined;
    if (!isOn || page !== undefined || hold.state !== 'pending') return undefined;
    return opensPages(call) ? { hold, url } : undefined;
  }

  async #refuse(id: string, { principal }: Call): Promise<void> {
    const { approvals } = this.#options;
    const hold = approvals.find(id);
    const by = { by: principal, channel: 'mcp' };
    if (hold !== undefined) await approvals.refuse(hold, by, 'what a client sends back answers no hold');
  }

  async #unanswered(suspended: Suspended, asked: HeldRequest): Promise<ParkedOutcome> {
    const { hold, callId } = suspended;
    const { approvals } = this.#options;
    if (isOver(hold)) return expired(callId, 'Nobody approved this call in time');
    if (hold.terms.mode === 'wait') {
      // Another request may wait for the same answer.
      if (!approvals.isWaitedFor(hold.id)) await approvals.cancel(hold.id, asked.call.principal.id);
      return expired(callId, 'Nobody approved this call while it waited');
    }
    const turn = asked.turn + 1;
    return asked.canReturn && turn <= mostTurns ? this.#comeBack(suspended, asked, { turn }) : suspended;
  }

  #comeBack(
    { hold, callId }: Suspended,
    { call, page: answered }: HeldRequest,
    { turn, page }: { readonly turn: number; readonly page?: HeldPage },
  ): InputRequired {
    const { states, serverInfo } = this.#options;
    const wasAsked = page !== undefined || answered !== undefined;
    const state = states.write(call, { hold: hold.id, turn, ...(wasAsked ? { page: true } : {}) });
    const meta = {
      [holdKey]: { id: hold.id, state: hold.state },
      'io.modelcontextprotocol/serverInfo': serverInfo,
    };
    const result = writeObject([
      ['resultType', '"input_required"'],
      ...(page === undefined ? [] : [['inputRequests', pageRequest(page)] as const]),
      ['requestState', JSON.stringify(state)],
      ['_meta', JSON.stringify(meta)],
    ]);
    return { kind: 'input_required', callId, result };
  }

  #patienceMs({ terms }: Hold, { client }: Call): number {
    return Math.min(terms.waitMs, patienceOf(client, this.#options.settings().patienceMs));
  }
}

function isOver({ state }: Hold): boolean {
  return state === 'expired' || state === 'cancelled';
}

function expired(callId: string, sentence: string): ParkedOutcome {
  const message = `${sentence}. It was not sent; make it again where it is still wanted.`;
  return { kind: 'refused', callId, refusal: new Refusal('approval_expired', message) };
}

function tellProgress({ onProgress }: Call, { id }: Hold): void {
  onProgress?.(JSON.stringify({ progress: 0, message: `Waiting for a person to approve this call (${id})` }));
}
