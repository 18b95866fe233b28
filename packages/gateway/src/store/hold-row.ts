import type { Hold, HoldFacts, HoldState, Vote } from '../model/hold.js';
import type { SqlRow } from './sqlite.js';

/** Two keys of one person are one person. */
export function personOf({ by, person }: Vote): string {
  return person ?? by;
}

/** How many answers were given, those that do not count any more included. */
export function givenIn(votes: readonly Vote[]): number {
  return votes.at(-1)?.given ?? votes.length;
}

/** One no is enough; a yes needs as many people as the quorum says. */
export function stateAfter(votes: readonly Vote[], quorum: number): 'pending' | 'approved' | 'denied' {
  if (votes.some(({ verdict }) => verdict === 'deny')) return 'denied';
  return votes.length >= quorum ? 'approved' : 'pending';
}

export function holdOf(row: SqlRow | undefined): Hold | undefined {
  if (row === undefined) return undefined;
  const facts = JSON.parse(String(row.facts)) as HoldFacts;
  const hold: Hold = {
    ...facts,
    id: String(row.id),
    state: String(row.state) as HoldState,
    createdAt: Number(row.created_at),
    until: Number(row.until),
    votes: JSON.parse(String(row.votes)) as Vote[],
  };
  return {
    ...hold,
    ...(row.decided_at === null ? {} : { decidedAt: Number(row.decided_at) }),
    ...(row.used_by === null ? {} : { usedBy: String(row.used_by) }),
    ...(row.used_at === null ? {} : { usedAt: Number(row.used_at) }),
    ...(Number(row.carried) === 0 ? {} : { carried: true }),
    ...(Number(row.edited) === 0 ? {} : { edited: true }),
  };
}
