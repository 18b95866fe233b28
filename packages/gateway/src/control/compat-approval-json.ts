import { isoTime } from '../lib/clock.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import { formatMicros, microsOf } from '../lib/micros.js';
import { aliasOf, askMethod, type Hold } from '../model/hold.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { argumentsOf } from './hold-json.js';

/** One of the four states that Haldir has; what is over without an answer that counts is expired. */
export function compatStatusOf({ state, until }: Hold, now: number) {
  if (state === 'used') return 'approved';
  const isOver = (state === 'pending' || state === 'approved') && until <= now;
  return isOver || state === 'cancelled' || state === 'stale' ? 'expired' : state;
}

/** What `pending` shows of each. */
export function compatPendingJson(hold: Hold) {
  const { asked, agent, caller, target, method, createdAt } = hold;
  return {
    request_id: aliasOf(hold),
    agent_id: agent ?? caller,
    tool: target,
    action: asked === undefined ? method : asked.action,
    amount: amountOf(hold),
    reason: asked === undefined || asked.reason === '' ? hold.reason : asked.reason,
    created_at: isoTime(createdAt),
  };
}

/** A hold in the form of Haldir; who answered is for those who may see all of them. */
export function compatRequestJson(hold: Hold, { now, isWhole }: { now: number; isWhole: boolean }) {
  const { session, until, decidedAt, votes } = hold;
  const last = votes.at(-1);
  const answer = isWhole && last !== undefined ? { decided_by: last.by, decision_note: last.note } : {};
  return {
    ...compatPendingJson(hold),
    status: compatStatusOf(hold, now),
    session_id: session ?? null,
    details: detailsOf(hold),
    ...endOf(until),
    decided_at: decidedAt === undefined ? undefined : isoTime(decidedAt),
    ...answer,
  };
}

/** The same time twice: as text, and in seconds. */
export function endOf(until: number) {
  return { expires_at: isoTime(until), expires_at_unix: Math.floor(until / 1000) };
}

function detailsOf(hold: Hold): JsonValue {
  const args = argumentsOf(hold);
  if (hold.method !== askMethod || !isJsonObject(args)) return args;
  return args.details ?? args.arguments ?? {};
}

/** Of a call what its arguments say, whatever its caller said of it; else the caller's words are all there is. */
function amountOf(hold: Hold): string {
  if (hold.method === askMethod) return hold.asked?.amount ?? '0';
  const args = argumentsOf(hold);
  return formatMicros((isJsonObject(args) ? amountIn(args) : undefined) ?? 0n);
}

/** Undefined where the arguments of a call name no amount, or none that is one. */
export function amountIn({ amount }: JsonObject): bigint | undefined {
  return typeof amount === 'number' || typeof amount === 'string' || typeof amount === 'bigint'
    ? microsOf(amount)
    : undefined;
}
