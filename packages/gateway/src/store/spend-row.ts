import { microsOf } from '../lib/micros.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { AuditRecord } from '../model/record.js';
import type { SqlValue } from './sqlite.js';

/** The columns of `spend` behind `call` and `at`, in the order of `SpendRow`. */
export const spendColumns = 'tenant, agent, session, tool, reserved, spent';

/** What a record says that a call or a payment costs in US dollars, in micro-units, and whose it is. */
export type SpendRow = readonly SqlValue[];

/** The row of a record that is about money. A call that several budgets count costs once: what the one that counts most says. */
export function spendIn(record: AuditRecord): SpendRow | undefined {
  const { type, tenant, budget, price } = record;
  if (type === 'payment.authorized')
    return rowOf(record, { tool: paymentName, spent: microsIn(record.amount_usd) });
  const isDecision = type === 'call.decided' && record.effect === 'allow';
  if (typeof tenant !== 'string' || (!isDecision && type !== 'call.outcome')) return undefined;
  if (budget === undefined && price === undefined) return undefined;
  const tool = objectIn(record.tool);
  const most = mostOf(isDecision ? 'reserve' : 'spent', budget, price);
  const name = tool.exposed ?? tool.name;
  if (most === undefined) return undefined;
  return rowOf(record, isDecision ? { tool: name, reserved: most } : { tool: name, spent: most });
}

/** What rules know payments by, see policy/payment-target.ts. */
const paymentName = 'sallyport.payments';

interface Spent {
  readonly tool: JsonValue | undefined;
  readonly reserved?: bigint | undefined;
  readonly spent?: bigint | undefined;
}

function rowOf({ tenant, session, caller }: AuditRecord, { tool, reserved, spent }: Spent): SpendRow {
  const { id, agent } = objectIn(session);
  const who = textIn(agent) ?? textIn(objectIn(caller).id);
  return [tenant, who, textIn(id), textIn(tool), reserved ?? null, spent ?? null];
}

function mostOf(
  member: 'reserve' | 'spent',
  budget: JsonValue | undefined,
  price: JsonValue | undefined,
): bigint | undefined {
  const lines = (Array.isArray(budget) ? budget : []).map(objectIn).filter(({ unit }) => unit === 'USD');
  const amounts = [...lines.map((line) => line[member]), price].map(microsIn);
  return amounts.reduce((most, one) => (most === undefined || (one ?? -1n) > most ? one : most), undefined);
}

function microsIn(amount: JsonValue | undefined): bigint | undefined {
  return typeof amount === 'string' ? microsOf(amount) : undefined;
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textIn(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
