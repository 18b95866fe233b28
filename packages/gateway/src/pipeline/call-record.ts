import type { CallEnd } from '../audit/trail.js';
import type { Admission, CallEnding } from '../limits/admission.js';
import type { Call } from '../model/call.js';
import type { Decision } from '../model/decision.js';
import type { Hold } from '../model/hold.js';
import type { Outcome } from '../model/outcome.js';
import { Refusal } from '../model/refusal.js';
import type { StandingApproval } from '../model/standing-approval.js';
import type { Target } from '../model/target.js';
import { isUntried } from '../store/journal.js';
import type { House } from './house.js';
import { keptOutcome } from './kept-outcome.js';
import { pricePaid } from './price-paid.js';
import { Suspension } from './suspension.js';

/**
 * What the trail will say about one call, gathered on its way and written at two moments: the decision before
 * anything is forwarded, the outcome before the reply.
 * Invariant: each call gets exactly one `call.decided`, and exactly one `call.outcome` if it was permitted.
 */
export class CallRecord {
  readonly call: Call;
  readonly #house: House;
  target: Target | undefined;
  decision: Decision | undefined;
  /** What was taken of the limits; given back if the call goes no further, settled when it ends. */
  admission: Admission | undefined;
  /** What the tool costs by itself, in micro-units, whether a budget counts it or not; absent where it costs nothing. */
  priceMicros: bigint | undefined;
  /** The hold, or what was approved beforehand, whose approval it used up; given back if the call provably never leaves. */
  approved: Hold | StandingApproval | undefined;
  #state: 'open' | 'permitted' | 'unwritable' = 'open';

  constructor(call: Call, house: House) {
    this.call = call;
    this.#house = house;
  }

  /** Resolves when the decision to allow is durable. */
  async commitDecision(): Promise<void> {
    try {
      const { call, target, decision, admission, approved, priceMicros } = this;
      const charges = admission?.charges;
      await this.#house.trail.decided({ call, target, decision, charges, priceMicros, hold: approved?.id });
      this.#state = 'permitted';
    } catch (cause) {
      // The store reports "unknown": writing a second decision for the same call could contradict the first.
      this.#state = 'unwritable';
      // What was not even tried is on no record that would count it.
      if (isUntried(cause)) this.admission?.release();
      throw unwritable(cause, false);
    }
  }

  /** The one exit: turns an outcome or whatever was thrown into the outcome of the call and records it. */
  async close(end: unknown): Promise<Outcome> {
    const outcome = this.#outcomeOf(end);
    if (this.#state === 'unwritable') {
      this.#giveBack();
      return outcome;
    }
    try {
      if (this.#state === 'permitted') {
        const settled = this.#settle(outcome, end);
        if (isUnsent(end)) this.#giveBack();
        await this.#house.trail.ended(this.call, this.target, this.#endOf(outcome, end, settled));
      } else {
        this.admission?.release();
        this.#giveBack();
        await this.#commitRefusal(end);
      }
      return outcome;
    } catch (cause) {
      const mayHaveRun = this.#state === 'permitted' && !isUnsent(end);
      return { kind: 'refused', callId: this.call.id, refusal: unwritable(cause, mayHaveRun) };
    }
  }

  #outcomeOf(end: unknown): Outcome {
    const callId = this.call.id;
    if (isOutcome(end)) return end;
    if (end instanceof Suspension) {
      if (end.kept !== undefined) return keptOutcome(end.kept, callId);
      return { kind: 'suspended', callId, hold: end.hold };
    }
    if (!(end instanceof Refusal)) {
      this.#house.log.error({ err: end, call: callId }, 'a governed call failed inside the gateway');
      return { kind: 'failed', callId };
    }
    const hidden = end.code === 'denied' && this.decision?.effect === 'hide';
    if (hidden || end.code === 'unknown_target') return { kind: 'unknown', callId };
    return { kind: 'refused', callId, refusal: end };
  }

  /** What each charge came to. A call that may have run stays charged; one that provably never left is not. */
  #settle(outcome: Outcome, end: unknown): CallEnd['settled'] {
    const { admission } = this;
    if (admission === undefined || admission.charges.length === 0) return undefined;
    const spent = admission.settle(endingOf(outcome, end));
    return admission.charges.map((charge, index) => ({
      charge,
      spentMicros: spent[index] ?? charge.reservedMicros,
    }));
  }

  #giveBack(): void {
    if (this.approved !== undefined) this.#house.approvals.giveBack(this.approved);
    this.approved = undefined;
  }

  #commitRefusal(end: unknown): Promise<void> {
    const { call, target, decision } = this;
    if (end instanceof Suspension) {
      return this.#house.trail.decided({ call, target, decision, hold: end.hold.id, isHeld: true });
    }
    const refusal = end instanceof Refusal ? end : undefined;
    return this.#house.trail.decided({
      call,
      target,
      decision,
      refused: { code: refusal?.code ?? 'failed', detail: refusal?.detail ?? describe(end) },
    });
  }

  #endOf(outcome: Outcome, end: unknown, settled: CallEnd['settled']): CallEnd {
    const ms = Math.max(0, this.#house.clock.now() - this.call.at);
    const paidMicros = pricePaid(this.priceMicros, endingOf(outcome, end), settled);
    if (outcome.kind === 'completed') {
      const { result } = outcome;
      return { state: 'executed', ms, result, settled, paidMicros, error: result.value.isError === true };
    }
    if (outcome.kind === 'errored') {
      return { state: 'executed', ms, settled, paidMicros, error: true, code: String(outcome.error.code) };
    }
    if (end instanceof Refusal) {
      const state = end.mayHaveRun ? 'unknown' : 'refused';
      return { state, ms, settled, paidMicros, code: end.code, detail: end.detail };
    }
    return { state: 'unknown', ms, settled, paidMicros, code: 'failed', detail: describe(end) };
  }
}

function endingOf(outcome: Outcome, end: unknown): CallEnding {
  if (outcome.kind === 'completed') {
    const { value } = outcome.result;
    return { state: value.isError === true ? 'tool_error' : 'ok', result: value };
  }
  if (outcome.kind === 'errored') return { state: 'rpc_error' };
  return { state: isUnsent(end) ? 'not_sent' : 'unknown' };
}

function isUnsent(end: unknown): boolean {
  return end instanceof Refusal && !end.mayHaveRun;
}

const outcomeKinds = new Set(['completed', 'errored', 'refused', 'unknown', 'failed']);

function isOutcome(end: unknown): end is Outcome {
  return (
    typeof end === 'object' &&
    end !== null &&
    'kind' in end &&
    'callId' in end &&
    outcomeKinds.has(String(end.kind))
  );
}

function unwritable(cause: unknown, mayHaveRun: boolean): Refusal {
  const aftermath = mayHaveRun
    ? 'The call was sent, but its end could not be recorded; check its effect before you repeat it.'
    : 'The call was not sent.';
  const message = `The gateway cannot write its audit trail, so it lets nothing pass. ${aftermath}`;
  return new Refusal('audit_unavailable', message, {
    retryAfterSeconds: mayHaveRun ? undefined : 5,
    detail: describe(cause),
    mayHaveRun,
  });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
