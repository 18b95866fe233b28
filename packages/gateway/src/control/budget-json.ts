import { isoTime } from '../lib/clock.js';
import { formatMicros } from '../lib/micros.js';
import type { LimitView } from '../limits/limit-view.js';
import type { BudgetLimit } from '../model/obligation.js';
import type { LedgerCounter, LedgerEntry } from '../store/ledger-table.js';

type Counter = Pick<LedgerCounter, 'budget' | 'unit' | 'scope' | 'until'>;

function counterJson({ budget, unit, scope, until }: Counter) {
  return { budget, unit, scope, ...(until === undefined ? {} : { resets_at: isoTime(until) }) };
}

/** A counter of a budget as REST and the CLI show it, with what the limit in force says. */
export function budgetJson(counter: LedgerCounter, limit?: BudgetLimit) {
  const { usedMicros, calls, unit } = counter;
  const common = { ...counterJson(counter), used: formatMicros(usedMicros), calls };
  if (limit === undefined || limit.unit !== unit) return common;
  const { maxMicros: max } = limit;
  return { ...common, max: formatMicros(max), left: formatMicros(usedMicros < max ? max - usedMicros : 0n) };
}

/** What one call took of a budget. */
export function entryJson(entry: LedgerEntry) {
  const { call, reservedMicros, spentMicros } = entry;
  return {
    call,
    ...counterJson(entry),
    ...(reservedMicros === undefined ? {} : { reserved: formatMicros(reservedMicros) }),
    ...(spentMicros === undefined ? {} : { spent: formatMicros(spentMicros) }),
  };
}

/** A counter of calls. */
export function limitJson({ id, kind, scope, max, left, counted = 0, windowMs, resetsAt }: LimitView) {
  if (kind === 'budget') throw new TypeError('budgets are shown in the ledger');
  return {
    limit: id,
    kind,
    scope,
    max: Number(max),
    counted,
    left: Number(left),
    ...(windowMs === undefined ? {} : { window_seconds: windowMs / 1000 }),
    ...(resetsAt === undefined ? {} : { opens_at: isoTime(resetsAt) }),
  };
}
