import type { CancelSignal } from '../model/cancel-signal.js';
import type { Hold, HoldFacts } from '../model/hold.js';
import type { JsonObject } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import type { StandingApproval } from '../model/standing-approval.js';
import type { HoldFilter } from '../store/hold-table.js';
import type { Answer, AnswerOutcome } from './answer.js';
import { carriedClaim } from './carried-claim.js';
import type { Claim, Claiming } from './claim.js';
import type { DeskDeps, HoldEvent } from './desk-deps.js';
import { giveBack } from './give-back.js';
import { holdMembers } from './hold-members.js';
import { HoldWaiters } from './hold-waiters.js';
import { isEnough } from './is-enough.js';
import { type Opening, openHold } from './open-hold.js';
import { settleTerms } from './settle-terms.js';
import { sweepHolds } from './sweep-holds.js';
import { recordRefused, takeAnswer } from './take-answer.js';
import { useStanding } from './use-standing.js';

const sweepMs = 5000;

/** Where calls wait for people. Everything that matters is in the table; this only moves it on and records it. */
export class ApprovalDesk {
  readonly #deps: DeskDeps;
  readonly #waiters: HoldWaiters;
  readonly #collectors: HoldWaiters;
  readonly #listeners = new Set<(hold: Hold) => void>();
  #stopSweeping: () => void = () => undefined;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    this.#waiters = new HoldWaiters({ ...deps, isSettled: ({ state }) => state !== 'pending' });
    this.#collectors = new HoldWaiters({ ...deps, isSettled: (hold) => !this.#isUnderWay(hold) });
  }

  /** Ends holds whose time is over, now and from now on. */
  begin(): void {
    this.sweep();
    this.#stopSweeping = this.#deps.clock.after(sweepMs, () => this.begin());
  }

  end(): void {
    this.#stopSweeping();
  }

  /**
   * Looks whether somebody said yes to exactly this call, and uses that up for the call `callId`; else makes a hold, or
   * joins the one that is open. Rejects when a new hold cannot be recorded, or the policy is not the latest.
   */
  async claim(facts: Omit<HoldFacts, 'terms'>, claiming: Claiming): Promise<Claim> {
    const { table, clock } = this.#deps;
    const known = await this.#inForce(facts, claiming);
    if (known?.state === 'approved' || claiming.edited !== undefined) this.#deps.requireLatestPolicy();
    if (claiming.edited !== undefined) return this.#claimEdited(facts, claiming, known);
    if (claiming.carries !== undefined && known?.id !== claiming.carries) return { kind: 'changed' };
    if (known?.state === 'approved') {
      const carried = claiming.carries !== undefined;
      const step = { from: 'approved', to: 'used', now: clock.now(), usedBy: claiming.callId } as const;
      if (table.move(known.id, { ...step, carried }))
        return { kind: 'approved', hold: this.#told(known.id, known) };
      // Whoever was faster may make this very call: how that stands comes before any other yes.
      return carried ? { kind: 'changed' } : this.claim(facts, claiming);
    }
    if (known?.state === 'denied') return { kind: 'denied', hold: known };
    if (claiming.carries !== undefined) return { kind: 'changed' };
    const made = known === undefined ? carriedClaim(this.#deps, facts.bind) : undefined;
    if (made !== undefined) return made;
    const standing = useStanding(this.#deps, facts, claiming.wanted);
    if (standing === undefined) return this.#open(facts, claiming);
    // What waits is this very call: a later yes to it would have it made a second time.
    if (known === undefined || (await this.cancel(known.id, standing.id)))
      return { kind: 'standing', standing };
    this.giveBack(standing);
    return this.claim(facts, claiming);
  }

  /** The yes of whoever changed the call is for this one too, where the rules about this one let it be enough. */
  async #claimEdited(facts: Omit<HoldFacts, 'terms'>, claiming: Claiming, known?: Hold): Promise<Claim> {
    const { table, clock } = this.#deps;
    const { edited, callId } = claiming;
    const opened = known === undefined ? await this.#open(facts, claiming) : undefined;
    if (edited === undefined || opened?.kind !== 'waiting') return opened ?? { kind: 'changed' };
    const { hold } = opened;
    const answered = await this.answer(hold.id, { ...edited, verdict: 'approve', seen: hold.bind });
    const isEnough = answered.kind === 'taken' && answered.hold.state === 'approved';
    const step = { from: 'approved', to: 'used', now: clock.now(), usedBy: callId } as const;
    if (isEnough && table.move(hold.id, step)) return { kind: 'approved', hold: this.#told(hold.id, hold) };
    await this.cancel(hold.id, edited.by.id);
    return { kind: 'changed' };
  }

  /** Asks people before anything is done. Uses nothing up: of what was asked before it gives how that stands. */
  async ask(facts: Omit<HoldFacts, 'terms'>, opening: Opening): Promise<Hold | 'full'> {
    const { table, clock, settings } = this.#deps;
    const since = clock.now() - settings().resultKeptMs;
    const known = (await this.#inForce(facts, opening)) ?? table.findCarried(facts.bind, since);
    if (known !== undefined) return known;
    const opened = await this.#open(facts, opening);
    return opened.kind === 'waiting' ? opened.hold : 'full';
  }

  async #open(facts: Omit<HoldFacts, 'terms'>, opening: Opening): Promise<Claim> {
    const opened = openHold(this.#deps, facts, opening);
    if (opened === 'full') return { kind: 'full' };
    if (!opened.joined) await this.#announce(opened.hold);
    return { kind: 'waiting', hold: opened.hold };
  }

  /** The hold of exactly this call. What was asked, or answered, under another policy or looser terms is worth nothing. */
  async #inForce(
    { bind, policyRevision }: Omit<HoldFacts, 'terms'>,
    { wanted = [] }: Pick<Claiming, 'wanted'>,
  ): Promise<Hold | undefined> {
    const { table, clock, settings } = this.#deps;
    const known = table.findLatest(bind, clock.now());
    if (known === undefined) return known;
    const isSame = known.policyRevision === policyRevision;
    // A no stands for as long as the policy does, whoever would have to say yes by now.
    if (isSame && known.state === 'denied') return known;
    if (isSame && isEnough(known.terms, settleTerms(wanted, settings().terms))) return known;
    const why = isSame ? 'the rules want more than when it was asked for' : 'the policy has changed since';
    if (known.state !== 'denied') await this.stale(known, why);
    return undefined;
  }

  /** Whether the caller's own user need not confirm the call again: it waits as confirmed, was made so, or is denied. */
  isConfirmed(bind: string, policyRevision: string): boolean {
    const { table, clock, settings } = this.#deps;
    const now = clock.now();
    const hold = table.findLatest(bind, now) ?? table.findCarried(bind, now - settings().resultKeptMs);
    if (hold?.policyRevision !== policyRevision) return false;
    return hold.confirmed === true || hold.state === 'denied';
  }

  /** The call provably never left, so the approval may be used by another attempt. */
  giveBack(used: Hold | StandingApproval): void {
    giveBack(this.#deps, used);
  }

  /** Resolves with the hold as it is once it is answered or over, or after `ms`. */
  async wait(hold: Hold, ms: number, signal: CancelSignal): Promise<Hold> {
    const { clock } = this.#deps;
    const leftMs = Math.max(0, hold.until - clock.now());
    const latest = await this.#waiters.wait(hold, Math.min(ms, leftMs), signal);
    const isOver = latest.state === 'pending' && latest.until <= clock.now();
    // Its row follows when the desk sweeps next.
    return isOver ? { ...latest, state: 'expired' } : latest;
  }

  /** Whether anybody here waits for its end. */
  isWaitedFor(id: string): boolean {
    return this.#waiters.isWaitedFor(id);
  }

  /** From now on nobody waits; holds stay as they are. */
  stopWaiting(): void {
    this.#waiters.stop();
    this.#collectors.stop();
  }

  /** Waits likewise for an approved call that the gateway makes itself: until it has a result, or never will. */
  waitForResult(hold: Hold, ms: number, signal: CancelSignal): Promise<Hold> {
    return this.#collectors.wait(hold, ms, signal);
  }

  /** `listener` hears of every change from now on, and must not throw; returns what ends that. */
  hear(listener: (hold: Hold) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Approved calls that the gateway is to make itself, oldest first, at most so many after the hold of an id. */
  toCarryOut(limit: number, after?: string): Hold[] {
    return this.#deps.table.listToCarry(this.#deps.clock.now(), { limit, after });
  }

  keepResult(hold: Hold, text: string): void {
    this.#deps.table.keepResult(hold.id, text);
    this.#collectors.changed(hold);
    this.#spread(hold);
  }

  resultOf(id: string): string | undefined {
    return this.#deps.table.resultOf(id);
  }

  #isUnderWay({ id, state }: Hold): boolean {
    return (state === 'approved' || state === 'used') && this.#deps.table.resultOf(id) === undefined;
  }

  find(id: string): Hold | undefined {
    return this.#deps.table.find(id);
  }

  list(filter: HoldFilter): Hold[] {
    return this.#deps.table.list(filter);
  }

  async answer(id: string, answer: Answer): Promise<AnswerOutcome> {
    const outcome = await takeAnswer(this.#deps, id, answer);
    if (outcome.kind === 'taken') this.#tell(outcome.hold);
    return outcome;
  }

  /** Nobody waits for it any more. */
  async cancel(id: string, by: string): Promise<boolean> {
    return this.#endBy(id, 'cancelled', { by });
  }

  /** Ends what is over; called now and then. */
  sweep(): void {
    sweepHolds(this.#deps, (hold, type, members) => this.#note(type, hold, members));
  }

  /** Something that the approval was about has changed, so it is worth nothing any more. */
  async stale(hold: Hold, why: string): Promise<void> {
    await this.#endBy(hold.id, 'stale', { detail: why });
  }

  async #endBy(id: string, to: 'cancelled' | 'stale', members: JsonObject): Promise<boolean> {
    const { table, clock, record } = this.#deps;
    const now = clock.now();
    const moved =
      table.move(id, { from: 'pending', to, now }) || table.move(id, { from: 'approved', to, now });
    const hold = table.find(id);
    if (!moved || hold === undefined) return false;
    await record(`hold.${to}`, { ...holdMembers(hold), ...members });
    this.#tell(hold);
    return true;
  }

  /** A hold that is not on record must not be answered. */
  async #announce(hold: Hold): Promise<void> {
    const { table, clock, record } = this.#deps;
    try {
      await record('hold.created', { ...holdMembers(hold), rule: hold.rule ?? '', reason: hold.reason });
    } catch (cause) {
      table.move(hold.id, { from: 'pending', to: 'cancelled', now: clock.now() });
      throw cause;
    }
    this.#spread(hold);
  }

  /** Records a try to answer by somebody, or in a way, that never can. */
  async refuse(hold: Hold, by: Pick<Answer, 'by' | 'channel'>, detail: string): Promise<void> {
    await recordRefused(this.#deps, hold, { ...by, detail });
  }

  /** Records that somebody has an approved call made in place of its caller. */
  async replayed(hold: Hold, by: Principal): Promise<void> {
    await this.#deps.record('hold.replayed', { ...holdMembers(hold), by: by.id.toWellFormed() });
  }

  #note(type: HoldEvent, hold: Hold, members: JsonObject): void {
    this.#deps.record(type, { ...holdMembers(hold), ...members }).catch((cause: unknown) => {
      this.#deps.log.error({ err: cause, hold: hold.id, type }, 'an audit record could not be written');
    });
    this.#tell(hold);
  }

  #tell(hold: Hold): void {
    this.#waiters.changed(hold);
    if (!this.#isUnderWay(hold)) this.#collectors.changed(hold);
    this.#spread(hold);
  }

  #spread(hold: Hold): void {
    for (const listener of this.#listeners) listener(hold);
  }

  #told(id: string, before: Hold): Hold {
    const hold = this.#deps.table.find(id) ?? before;
    this.#spread(hold);
    return hold;
  }
}
