import type { HoldFacts } from '../model/hold.js';
import type { WantedApproval } from '../model/obligation.js';
import type { StandingApproval } from '../model/standing-approval.js';
import type { DeskDeps } from './desk-deps.js';
import { isEnough } from './is-enough.js';
import { settleTerms } from './settle-terms.js';

/**
 * Uses one call of a standing approval for exactly this, where the rules want for it no more than for the call that it
 * was made from: other arguments can meet stricter ones, which nobody has answered. Throws as a claim does.
 */
export function useStanding(
  { standing, table, settings, requireLatestPolicy }: DeskDeps,
  facts: Omit<HoldFacts, 'terms'>,
  wanted: readonly WantedApproval[] = [],
): StandingApproval | undefined {
  return standing?.use(facts, ({ hold }) => {
    const given = table.find(hold)?.terms;
    const terms = settleTerms(wanted, settings().terms);
    if (given === undefined || !isEnough(given, terms)) return false;
    requireLatestPolicy();
    return true;
  });
}
