import { randomToken } from '../lib/ids.js';
import { askMethod, type Hold, type HoldFacts, type SettledTerms } from '../model/hold.js';
import type { Claiming } from './claim.js';
import type { DeskDeps } from './desk-deps.js';
import { settleTerms } from './settle-terms.js';

export interface Opening extends Pick<Claiming, 'wanted' | 'edited'> {
  /** How long the one who asks wants people to have, where that is less than the terms give them. */
  readonly longestMs?: number;
}

/** 160 random bits. */
const idBytes = 20;

/** A new hold, or the one of the same binding that waits; `full` where no more may be open. */
export function openHold(
  { table, clock, settings }: Pick<DeskDeps, 'table' | 'clock' | 'settings'>,
  facts: Omit<HoldFacts, 'terms'>,
  opening: Opening,
): { readonly hold: Hold; readonly joined: boolean } | 'full' {
  const now = clock.now();
  const terms = termsOf(facts, opening, settings().terms);
  const id = `hold_${randomToken(idBytes)}`;
  return table.open({ ...facts, terms, id, createdAt: now, until: now + terms.expiresMs }, settings());
}

/** What was only asked about opens nothing, so the answer to it stands as long as the question would have. */
export function usableUntilOf({ method, until }: Hold, usableUntil: number): number {
  return method === askMethod ? Math.max(until, usableUntil) : usableUntil;
}

function termsOf(
  { asked }: Omit<HoldFacts, 'terms'>,
  { wanted = [], edited, longestMs = Infinity }: Opening,
  defaults: SettledTerms,
): SettledTerms {
  const settled = settleTerms(wanted, defaults);
  const terms = { ...settled, expiresMs: Math.min(settled.expiresMs, longestMs) };
  // A changed call is under way itself, and whoever asks beforehand has not made the call: a yes makes neither.
  return edited === undefined && asked === undefined ? terms : { ...terms, onApprove: 'release' };
}
