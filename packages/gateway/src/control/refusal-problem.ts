import type { Refusal, RefusalCode } from '../model/refusal.js';
import { Problem } from './rest/problem.js';

/** What a rule says no to is 403 here, also where waiting helps: callers of the proxy tell policy by that. */
const byPolicy: ReadonlySet<RefusalCode> = new Set(['rate_limited', 'repeated_call']);

/** A refused call as a problem, with the members that Haldir's callers look for: an MCP result that says no, and by whom. */
export function refusalProblem(refusal: Refusal, callId?: string): Problem {
  const { code, message, rule, retryAfterSeconds, limit, mayHaveRun } = refusal;
  const blockedBy = rule ?? limit?.id ?? code;
  const said = { error: message, blocked_by: blockedBy };
  return new Problem(code, message, {
    retryAfterSeconds,
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
