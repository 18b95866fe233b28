import type { ApprovalDesk } from '../approvals/approval-desk.js';
import { isCarriedOut } from '../approvals/is-carried-out.js';
import type { Clock } from '../lib/clock.js';
import type { Hold } from '../model/hold.js';
import type { Log } from '../model/log.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import { keptText } from '../pipeline/kept-outcome.js';
import { callOfHold } from './call-of-hold.js';
import type { Caller } from './current-caller.js';

export interface HeldExecutorParts {
  readonly approvals: ApprovalDesk;
  readonly govern: GovernCall;
  readonly clock: Clock;
  readonly log: Log;
  /** Who the caller is now; undefined for one whose credential is not good any more. */
  readonly callerNow: (caller: Caller, session: string | undefined) => Principal | undefined;
}

/** How often is looked for calls that were approved elsewhere, or that could not be made yet. */
const lookMs = 5000;
const carriedAtOnce = 20;

/**
 * Makes approved calls for their callers, where the rule wants that: each goes through the whole pipeline, under its
 * caller's name as it is now, and what it returned is kept until its caller collects it.
 */
export class HeldExecutor {
  readonly #parts: HeldExecutorParts;
  readonly #underWay = new Map<string, Promise<Outcome | undefined>>();
  #stop: () => void = () => undefined;
  /** The last hold of those that were looked at; after it there may be more. */
  #looked: string | undefined;

  constructor(parts: HeldExecutorParts) {
    this.#parts = parts;
  }

  /** Makes what is approved already and what will be, until `end`. */
  begin(): void {
    const { approvals } = this.#parts;
    const deaf = approvals.hear((hold) => {
      if (hold.state === 'approved' && isCarriedOut(hold)) void this.carryOut(hold);
    });
    let stopTimer: () => void = () => undefined;
    const look = (): void => {
      stopTimer = this.#parts.clock.after(lookMs, look);
      for (const hold of this.#waiting()) if (isCarriedOut(hold)) void this.carryOut(hold);
    };
    look();
    this.#stop = () => {
      deaf();
      stopTimer();
    };
  }

  end(): void {
    this.#stop();
  }

  /**
   * Makes the call of an approved hold, for its caller as that is now where the caller does not ask for it right now;
   * undefined where somebody else has, or where it cannot be made now. Never rejects.
   */
  carryOut(hold: Hold, asking?: Principal): Promise<Outcome | undefined> {
    const known = this.#underWay.get(hold.id);
    if (known !== undefined) return known;
    if (this.#underWay.size >= carriedAtOnce) return Promise.resolve(undefined);
    const made = this.#make(hold, asking)
      .catch((cause: unknown) => {
        this.#parts.log.error({ err: cause, hold: hold.id }, 'an approved call could not be carried out');
        return undefined;
      })
      .finally(() => this.#underWay.delete(hold.id));
    this.#underWay.set(hold.id, made);
    return made;
  }

  async #make(hold: Hold, asking: Principal | undefined): Promise<Outcome | undefined> {
    const { approvals, govern, callerNow } = this.#parts;
    const { caller: id, credential, session, admission } = hold;
    const principal = asking ?? callerNow({ id, credential, admission }, session);
    if (principal === undefined || principal.tenant !== hold.tenant) {
      await approvals.stale(hold, 'the credential of the call, or its session, is not valid any more');
      return undefined;
    }
    const call = callOfHold(hold, { principal, at: this.#parts.clock.now(), carries: hold.id });
    if (call === undefined) return undefined;
    const outcome = await govern(call);
    const after = approvals.find(hold.id);
    const isUsed = after?.state === 'used' && after.usedBy === call.id;
    if (isUsed && !isUnmade(outcome)) approvals.keepResult(after, keptText(outcome));
    else if (after?.state === 'approved' && !mayComeRight(outcome))
      await approvals.stale(after, outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);
    return after?.usedBy === call.id ? outcome : undefined;
  }

  /** Some after those of the last look, so that the ones that cannot be made now keep none from being made. */
  #waiting(): Hold[] {
    try {
      const found = this.#parts.approvals.toCarryOut(carriedAtOnce, this.#looked);
      this.#looked = found.length < carriedAtOnce ? undefined : found.at(-1)?.id;
      return found;
    } catch (cause) {
      this.#parts.log.warn({ err: cause }, 'approved calls cannot be looked up at the moment');
      return [];
    }
  }
}

/** Not sent, and another try may be: that is no result. */
function isUnmade(outcome: Outcome): boolean {
  return mayComeRight(outcome) && outcome.kind === 'refused' && outcome.refusal.mayHaveRun !== true;
}

/** What says when to come again is tried again for as long as the approval is good. */
function mayComeRight(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.refusal.retryAfterSeconds !== undefined;
}
