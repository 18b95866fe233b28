import { problemOf, textIn } from './mcp-reply.js';
import type { RestRequest } from './rest-request.js';
import { ApprovalPending, type Refused, refusedBy, type SallyportError } from './sallyport-error.js';
import type { JsonObject } from './types.js';

/** Every POST is named, so that the gateway does once what it is sent twice. */
export function restHeaders({ method, body, ifMatch, idempotencyKey }: RestRequest): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    ...(method === 'post' ? { 'Idempotency-Key': idempotencyKey ?? crypto.randomUUID() } : {}),
  };
}

/** A problem document as an error. One of a call has the call's decision: then it is a refusal. */
export function restErrorOf(problem: JsonObject, response: Response): Refused | SallyportError {
  const code = textIn(problem, 'code');
  if (code === undefined || typeof problem.decision_id !== 'string') return problemOf(problem, response);
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  return refusedBy(textIn(problem, 'detail') ?? 'The gateway refused the call.', {
    code,
    rule: textIn(problem, 'rule'),
    retryAfterSeconds: Number.isFinite(wait) ? wait : undefined,
    decisionId: problem.decision_id,
  });
}

/** What waits for a person is no result of the tool. */
export function throwIfHeld(result: object): void {
  const { status, request_id: approvalId, message } = result as { [name: string]: unknown };
  if (status !== 'approval_required' || typeof approvalId !== 'string') return;
  const text = typeof message === 'string' ? message : 'A person must approve this call first.';
  throw new ApprovalPending(text, { code: 'approval_required', approvalId });
}
