import type { Clock } from '../lib/clock.js';
import { randomToken } from '../lib/ids.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { membersOf } from '../lib/json/members.js';
import type { Hold, HoldFacts } from '../model/hold.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import type { StandingApproval } from '../model/standing-approval.js';
import type { StandingTable } from '../store/standing-table.js';
import { whyNotAnswer } from './who-may-answer.js';

export interface StandingDeps {
  readonly table: StandingTable;
  readonly clock: Clock;
  /** Resolves when the event is durable. */
  readonly record: (
    type: 'standing.created' | 'standing.revoked' | 'standing.refused',
    members: JsonObject,
  ) => Promise<void>;
}

export interface NewStanding {
  readonly by: Principal;
  readonly minutes: number;
  readonly calls: number;
  /** Further values that an argument may have, by its name. */
  readonly values?: Readonly<Record<string, readonly JsonValue[]>> | undefined;
  readonly note?: string | undefined;
  /** As with an answer. */
  readonly isFresh?: boolean | undefined;
}

export type StandingOutcome =
  | { readonly kind: 'made'; readonly standing: StandingApproval }
  | {
      readonly kind: 'refused';
      readonly problem: 'forbidden' | 'step_up' | 'conflict';
      readonly message: string;
    };

export const longestMinutes = 1440;
export const mostCalls = 1000;
/** In a tenant, of those that can be used. */
const mostUsable = 100;
const mostValues = 50;

/** Where a yes is given beforehand, taken back and used. Only an admin gives one, and only from a hold that is seen. */
export class StandingDesk {
  readonly #deps: StandingDeps;

  constructor(deps: StandingDeps) {
    this.#deps = deps;
  }

  list(tenant: string, limit: number, after?: string): StandingApproval[] {
    return this.#deps.table.list(tenant, limit, after);
  }

  find(id: string): StandingApproval | undefined {
    return this.#deps.table.find(id);
  }

  async create(hold: Hold, wish: NewStanding): Promise<StandingOutcome> {
    const { table, clock, record } = this.#deps;
    const { by } = wish;
    const refused = whyNot(hold, wish);
    if (refused !== undefined) {
      const detail = refused.message;
      await record('standing.refused', {
        hold: hold.id,
        by: by.id.toWellFormed(),
        tenant: hold.tenant,
        detail,
      });
      return refused;
    }
    const values = valuesOf(hold, wish);
    if (values === undefined || hold.scope === undefined)
      return conflict('The further values fit no argument of the hold.');
    const { tenant, caller, upstream, method, target, scope, policyRevision } = hold;
    const now = clock.now();
    const standing: StandingApproval = {
      id: `standing_${randomToken(20)}`,
      tenant,
      caller,
      upstream,
      method,
      target,
      scope,
      policyRevision,
      values,
      hold: hold.id,
      by: by.id,
      note: wish.note,
      createdAt: now,
      until: now + wish.minutes * 60_000,
      calls: wish.calls,
      callsLeft: wish.calls,
    };
    await record('standing.created', { ...recordOf(standing), by: by.id.toWellFormed() });
    if (table.add(standing, mostUsable)) return { kind: 'made', standing };
    await record('standing.revoked', { ...recordOf(standing), detail: 'there are too many already' });
    return conflict(`There are ${mostUsable} standing approvals already.`);
  }

  /** Takes back what was given; false where it was before. What a call has used stays used. */
  async revoke(standing: StandingApproval, by: Principal): Promise<boolean> {
    const { table, clock, record } = this.#deps;
    if (!table.revoke(standing.id, by.id, clock.now())) return false;
    await record('standing.revoked', { ...recordOf(standing), by: by.id.toWellFormed() });
    return true;
  }

  /** Uses one call of one that covers exactly this, and that `isEnough` says yes to. */
  use(
    {
      scope,
      policyRevision,
      args,
      request,
    }: Pick<HoldFacts, 'scope' | 'policyRevision' | 'args' | 'request'>,
    isEnough: (standing: StandingApproval) => boolean,
  ): StandingApproval | undefined {
    const { table, clock } = this.#deps;
    // Without a request a secret was taken out of the arguments, so they are not what would be sent.
    if (scope === undefined || request === undefined) return undefined;
    const now = clock.now();
    return table
      .usable(scope, policyRevision, now)
      .find((one) => covers(one.values, args) && isEnough(one) && table.use(one.id, now));
  }

  /** Removes what ended before `before`, at most so many; the trail keeps what became of them. */
  forget(before: number, limit: number): void {
    this.#deps.table.purge(before, limit);
  }

  giveBack({ id }: StandingApproval): void {
    this.#deps.table.giveBack(id);
  }
}

function covers(values: StandingApproval['values'], canonical: string): boolean {
  const members = membersOf(canonical);
  return (
    members.length === Object.keys(values).length &&
    members.every(([name, text]) => Object.hasOwn(values, name) && values[name]?.includes(text) === true)
  );
}

function whyNot(
  hold: Hold,
  { by, isFresh, note = '' }: NewStanding,
): Extract<StandingOutcome, { kind: 'refused' }> | undefined {
  const message =
    whyNotAnswer(by, hold) ??
    (by.roles.includes('admin') ? undefined : 'A standing approval needs the role "admin".');
  if (message !== undefined) return { kind: 'refused', problem: 'forbidden', message };
  const { stepUp, quorum, noteRequired } = hold.terms;
  if (stepUp === true && isFresh !== true)
    return {
      kind: 'refused',
      problem: 'step_up',
      message: 'Show the credential with the wish itself, or sign in again for this call.',
    };
  if (noteRequired && note.trim() === '') return conflict('This hold needs a note with the answer.');
  if (quorum > 1) return conflict('A call that several people must approve cannot be approved beforehand.');
  if (hold.edited === true)
    return conflict('The call was approved with other arguments, and those of the hold were not.');
  const isOver = !['pending', 'approved', 'used'].includes(hold.state);
  if (isOver || hold.request === undefined || hold.scope === undefined)
    return conflict('The hold is over, or its arguments hold a secret.');
  return undefined;
}

function conflict(message: string): Extract<StandingOutcome, { kind: 'refused' }> {
  return { kind: 'refused', problem: 'conflict', message };
}

/** What the hold has, and what was named besides; undefined for a name that it has not, or too many values. */
function valuesOf({ args }: Hold, { values = {} }: NewStanding): Record<string, string[]> | undefined {
  const known = membersOf(args).map(([name, text]): [string, string[]] => {
    const more = Object.hasOwn(values, name) ? (values[name] ?? []) : [];
    return [name, [...new Set([text, ...more.map((one) => canonicalJson(one))])]];
  });
  const names = new Set(known.map(([name]) => name));
  const isOdd = Object.keys(values).some((name) => !names.has(name));
  return isOdd || known.some(([, texts]) => texts.length > mostValues)
    ? undefined
    : Object.fromEntries(known);
}

function recordOf({
  id,
  tenant,
  caller,
  upstream,
  target,
  hold,
  calls,
  until,
  note,
}: StandingApproval): JsonObject {
  return {
    standing: id,
    tenant,
    caller: { id: caller.toWellFormed() },
    tool: { name: target.toWellFormed(), upstream },
    hold,
    calls,
    until: new Date(until).toISOString(),
    ...(note === undefined ? {} : { note }),
  };
}
