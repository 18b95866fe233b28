import { microsOf } from '../lib/micros.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { SqlValue } from './sqlite.js';

/** The columns of the ledger behind `call`, in the order of `ChargeRow`. */
export const chargeColumns = 'budget, unit, scope, until, reserved, spent';

/** One entry of the ledger without its call; amounts in micro-units. */
export type ChargeRow = readonly SqlValue[];

/** Behind every time: where a counter never ends. */
export const never = '~';

const none: readonly ChargeRow[] = [];

/** What a record says of budgets: its member `budget`, a list. */
export function chargesIn(budget: JsonValue | undefined): readonly ChargeRow[] {
  if (!Array.isArray(budget)) return none;
  return budget.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
    const { id, unit, scope, until } = entry as JsonObject;
    if (typeof id !== 'string' || typeof unit !== 'string' || typeof scope !== 'string') return [];
    const end = typeof until === 'string' ? until : null;
    return [[id, unit, scope, end, microsIn(entry.reserve), microsIn(entry.spent)]];
  });
}

function microsIn(amount: JsonValue | undefined): bigint | null {
  return typeof amount === 'string' ? (microsOf(amount) ?? null) : null;
}
