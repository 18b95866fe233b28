import type { LimitState, Refusal, RefusalCode } from '../model/refusal.js';
import { type LimitTold, Problem } from './rest/problem.js';

/** What a rule says no to is 403 here, also where waiting helps: callers of the proxy tell policy by that. */
const byPolicy: ReadonlySet<RefusalCode> = new Set(['rate_limited', 'repeated_call']);

/** A refused call as a problem, with the members that Haldir's callers look for: an MCP result that says no, and by whom. */
export function refusalProblem(refusal: Refusal, callId?: string): Problem {
  const { code, message, rule, retryAfterSeconds, limit, mayHaveRun } = refusal;
  const blockedBy = rule ?? limit?.id ?? code;
  const said = { error: message, blocked_by: blockedBy };
  return new Problem(code, message, {
    retryAfterSeconds,
    limit: limit === undefined ? undefined : toldOf(limit, retryAfterSeconds),
    ...(byPolicy.has(code) ? { status: 403 } : {}),
    members: {
      ...said,
      ...(rule === undefined ? {} : { rule }),
      ...(limit === undefined ? {} : { limit }),
      ...(callId === undefined ? {} : { decision_id: callId }),
      ...(mayHaveRun ? { may_have_run: true } : {}),
      content: [{ type: 'text', text: JSON.stringify(said) }],
      isError: true,
    },
  });
}

/** Of limits on calls: the headers count whole things, which money is not. */
function toldOf({ max, left }: LimitState, retryAfterSeconds = 0): LimitTold | undefined {
  if (typeof max !== 'number' || typeof left !== 'number') return undefined;
  return { limit: max, remaining: left, resetSeconds: retryAfterSeconds };
}
