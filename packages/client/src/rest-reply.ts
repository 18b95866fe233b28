import { limitIn } from './limit-in.js';
import { problemOf, requestIdOf, textIn } from './mcp-reply.js';
import type { RestRequest } from './rest-request.js';
import {
  AnswerLost,
  ApprovalPending,
  isRefusalCode,
  type Refused,
  refusedBy,
  SallyportError,
} from './sallyport-error.js';
import type { JsonObject } from './types.js';

/** Every POST is named, so that the gateway does once what it is sent twice. */
export function restHeaders({ method, body, ifMatch, idempotencyKey }: RestRequest): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    ...(method === 'post' ? { 'Idempotency-Key': idempotencyKey ?? randomName() } : {}),
  };
}

/** Browsers have no `randomUUID` on pages that came over plain HTTP. */
function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** A problem document as an error: a refusal where its code is one, or where it is about a call that was decided on. */
export function restErrorOf(
  problem: JsonObject,
  response: Response,
  mayBeDone: boolean,
): Refused | SallyportError {
  const code = textIn(problem, 'code');
  const decisionId = textIn(problem, 'decision_id');
  if (code === 'idempotency_lost') {
    const [outcome, authorizationId] = [textIn(problem, 'outcome'), textIn(problem, 'authorization_id')];
    return new AnswerLost(problemOf(problem, response, true), { decisionId, outcome, authorizationId });
  }
  if (code === undefined || (decisionId === undefined && !isRefusalCode(code)))
    return problemOf(problem, response, mayBeDone);
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  return refusedBy(textIn(problem, 'detail') ?? 'The gateway refused the call.', {
    code,
    rule: textIn(problem, 'rule'),
    retryAfterSeconds: Number.isFinite(wait) ? wait : undefined,
    decisionId,
    limit: limitIn(problem),
    requestId: requestIdOf(response, problem),
  });
}

/** Waits for a removal; that there is nothing left to remove is its success, if it was sent before. */
export async function doneOnce(removal: Promise<unknown>): Promise<void> {
  await removal.catch((cause: unknown) => {
    const isDone = cause instanceof SallyportError && cause.code === 'not_found' && cause.mayBeDone;
    if (!isDone) throw cause;
  });
}

/** What waits for a person is no result of the tool. */
export function throwIfHeld(result: object): void {
  const { status, request_id: approvalId, message } = result as { [name: string]: unknown };
  if (status !== 'approval_required' || typeof approvalId !== 'string') return;
  const text = typeof message === 'string' ? message : 'A person must approve this call first.';
  throw new ApprovalPending(text, { code: 'approval_required', approvalId });
}
