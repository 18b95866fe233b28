import { eventsOf } from './event-stream.js';
import { limitIn } from './limit-in.js';
import { isObject } from './mcp-message.js';
import { ApprovalPending, refusedBy, SallyportError, type WrongPlace } from './sallyport-error.js';
import type { JsonObject } from './types.js';

const refusalKey = 'io.github.sallyport/refusal';
const holdKey = 'io.github.sallyport/hold';

/** The result of request `id`, whether the reply came as JSON or as an event stream. Throws for errors and refusals. */
export async function readMcpReply(response: Response, id: number): Promise<JsonObject> {
  const message = await messageOf(response, id);
  if (message.jsonrpc === undefined && !response.ok) throw problemOf(message, response);
  const { error, result } = message;
  if (isObject(error)) {
    throwIfRefused(error.data, () => textIn(error, 'message'));
    throwIfHeld(error.data, () => textIn(error, 'message'));
    throw errorOf(error, response);
  }
  if (!isObject(result)) throw invalidReply(response, 'the reply has neither a result nor an error');
  throwIfRefused(result._meta, () => contentText(result));
  throwIfHeld(result._meta, () => contentText(result));
  return result;
}

async function messageOf(response: Response, id: number): Promise<JsonObject> {
  if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
    return jsonObjectOf(await response.text(), response);
  }
  if (response.body === null) throw invalidReply(response, 'the event stream is empty');
  for await (const event of eventsOf(response.body)) {
    const message = jsonObjectOf(event, response);
    if (message.id === id) return message;
  }
  throw invalidReply(response, 'the event stream ended without a reply');
}

/** The JSON object a reply consists of. */
export function jsonObjectOf(text: string, response: Response): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidReply(response, text.slice(0, 200) || 'the reply is empty');
  }
  if (!isObject(value)) throw invalidReply(response, 'the reply is not a JSON object');
  return value;
}

/** What a problem document (RFC 9457) says, as an error. */
export function problemOf(problem: JsonObject, response: Response, mayBeDone = false): SallyportError {
  return new SallyportError({
    status: response.status,
    code: textIn(problem, 'code') ?? 'invalid_reply',
    detail: textIn(problem, 'detail') ?? textIn(problem, 'title') ?? response.statusText,
    requestId: requestIdOf(response, problem),
    errors: Array.isArray(problem.errors) ? (problem.errors as unknown as readonly WrongPlace[]) : [],
    mayBeDone,
  });
}

function errorOf(error: JsonObject, response: Response): SallyportError {
  return new SallyportError({
    status: response.status,
    code: typeof error.code === 'number' ? error.code : 'invalid_reply',
    detail: textIn(error, 'message') ?? 'the error has no message',
    requestId: requestIdOf(response, isObject(error.data) ? error.data : {}),
  });
}

function invalidReply(response: Response, detail: string): SallyportError {
  return new SallyportError({
    status: response.status,
    code: 'invalid_reply',
    detail,
    requestId: requestIdOf(response, {}),
  });
}

export function requestIdOf(response: Response, facts: JsonObject): string | undefined {
  return textIn(facts, 'reference') ?? response.headers.get('x-request-id') ?? undefined;
}

/** What is refused to tools comes in the `_meta` of a result, everything else in the `data` of an error. */
function throwIfRefused(holder: unknown, sentence: () => string | undefined): void {
  const refusal = isObject(holder) ? holder[refusalKey] : undefined;
  if (!isObject(refusal)) return;
  throw refusedBy(sentence() ?? unsaid, {
    code: textIn(refusal, 'code') ?? 'denied',
    rule: textIn(refusal, 'rule'),
    retryAfterSeconds: typeof refusal.retryAfterSeconds === 'number' ? refusal.retryAfterSeconds : undefined,
    decisionId: textIn(refusal, 'decisionId'),
    limit: limitIn(refusal),
  });
}

/** The same for what waits for a person. */
function throwIfHeld(holder: unknown, sentence: () => string | undefined): void {
  const hold = isObject(holder) ? holder[holdKey] : undefined;
  if (!isObject(hold) || typeof hold.id !== 'string') return;
  const facts = { code: 'approval_required', approvalId: hold.id, decisionId: textIn(hold, 'decisionId') };
  throw new ApprovalPending(sentence() ?? unsaid, facts);
}

function contentText(result: JsonObject): string {
  const content = Array.isArray(result.content) ? result.content : [];
  const texts = content.map((block) => (isObject(block) ? textIn(block, 'text') : undefined));
  return texts.filter((text) => text !== undefined).join('\n') || unsaid;
}

const unsaid = 'The gateway refused the call.';

export function textIn(object: JsonObject, member: string): string | undefined {
  const value = object[member];
  return typeof value === 'string' ? value : undefined;
}
