import { isoTime } from '../lib/clock.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { JsonObject } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import type { LimitState, Refusal, RefusalCode } from '../model/refusal.js';
import type { RemoteError } from '../model/remote-error.js';
import type { Era } from '../model/revisions.js';
import type { TargetKind } from '../model/target.js';
import { type HeldAsker, heldReply } from './held-reply.js';
import { serverMeta } from './modern-result.js';
import { errorCodes, excerpt } from './protocol-fault.js';
import { errorReply, faultReply, internalError, type Reply, type ReplyError, resultReply } from './reply.js';
import { refusalKey, resultInEra, withoutRefusalIn } from './result-in-era.js';
import { unknownMethod } from './unknown-method.js';

/** What REST would answer; agents read it beside the code. */
const statuses: Record<RefusalCode, number> = {
  session_invalid: 401,
  kill_switch: 403,
  unknown_target: 404,
  invalid_arguments: 400,
  target_changed: 409,
  rate_limited: 429,
  concurrency_limited: 429,
  repeated_call: 429,
  denied: 403,
  scope_missing: 403,
  approval_denied: 403,
  approval_expired: 403,
  approval_unavailable: 403,
  not_confirmed: 403,
  budget_exhausted: 403,
  audit_unavailable: 503,
  credential_unavailable: 503,
  upstream_unavailable: 503,
  upstream_timeout: 504,
  result_blocked: 403,
};

export interface Asker extends HeldAsker {
  /** The capabilities that the caller declared, as JSON text. */
  readonly capabilities?: string;
}

/** The request that is answered; `target` is the name as the caller wrote it. */
export type Answered = Pick<Call, 'method' | 'kind' | 'target'>;

/** What the caller is told. Only tools have results that say no; elsewhere a refusal is an error. */
export function replyOf(outcome: Outcome, asked: Answered, asker: Asker): Reply {
  switch (outcome.kind) {
    case 'completed': {
      const text = resultInEra(outcome.result, { era: asker.era, method: asked.method });
      return text === undefined ? unfinished(asked, asker) : resultReply(text);
    }
    case 'errored':
      return (
        missingCapabilities(outcome.error, asker) ?? errorReply(relayable(outcome.error, asked, asker.era))
      );
    case 'refused':
      return refusedReply(outcome.refusal, { asked, asker, callId: outcome.callId });
    case 'suspended':
      return heldReply(outcome, asked, asker);
    case 'unknown':
      return unknownTarget(asked.kind, asked.target, asker.era);
    case 'failed':
      return internalError(outcome.callId);
  }
}

/** Hidden or absent, the words are the same. */
export function unknownTarget(kind: TargetKind, target: string, era: Era): Reply {
  if (kind === 'method') return faultReply(unknownMethod(era, target));
  const message = `Unknown ${nouns[kind]}: ${excerpt(target)}`;
  if (kind !== 'resource') return errorReply({ code: errorCodes.invalidParams, message });
  const code = era === 'legacy' ? resourceNotFound : errorCodes.invalidParams;
  return errorReply({ code, message, data: JSON.stringify({ uri: excerpt(target) }) });
}

const nouns = { tool: 'tool', prompt: 'prompt', resource: 'resource', template: 'resource template' };

/** What legacy servers say of a resource that is not there; modern ones use the code of wrong parameters. */
const resourceNotFound = -32002;

/** A list has no `isError`, so its refusal is an error outside the range that JSON-RPC reserves. */
export function refusedListing(refusal: Refusal): Reply {
  return refusalError(refusal, refusalData(refusal));
}

interface Refused {
  readonly asked: Answered;
  readonly asker: Asker;
  readonly callId: string;
}

function refusedReply(refusal: Refusal, { asked, asker, callId }: Refused): Reply {
  const data = { ...refusalData(refusal), decisionId: callId };
  if (asked.kind !== 'tool') return refusalError(refusal, data);
  return resultReply(errorResult(refusal.message, { [refusalKey]: data }, asker));
}

function refusalError(refusal: Refusal, data: object): Reply {
  return errorReply({
    code: statuses[refusal.code],
    message: refusal.message,
    data: JSON.stringify({ [refusalKey]: data }),
  });
}

/** The upstream still wants something that it was told nobody gives. */
function unfinished({ kind }: Answered, asker: Asker): Reply {
  const sentence = 'The upstream server asked for something that this client cannot give.';
  if (kind === 'tool') return resultReply(errorResult(sentence, {}, asker));
  return errorReply({ code: errorCodes.internal, message: sentence });
}

function refusalData(refusal: Refusal): object {
  return {
    code: refusal.code,
    status: statuses[refusal.code],
    rule: refusal.rule,
    retryAfterSeconds: refusal.retryAfterSeconds,
    ...(refusal.limit === undefined ? {} : { limit: limitData(refusal.limit) }),
    ...(refusal.mayHaveRun ? { mayHaveRun: true } : {}),
  };
}

function limitData({ resetsAt, ...state }: LimitState): object {
  return { ...state, ...(resetsAt === undefined ? {} : { resetsAt: isoTime(resetsAt) }) };
}

function errorResult(sentence: string, meta: object, { era, serverInfo }: Asker): string {
  const content = [{ type: 'text', text: sentence }];
  if (era === 'legacy') return JSON.stringify({ content, isError: true, _meta: meta });
  const _meta = { ...meta, ...serverMeta(serverInfo) };
  return JSON.stringify({ resultType: 'complete', content, isError: true, _meta });
}

/**
 * An upstream that needs what the caller did not declare says so with a code about our hop. Of what it names only that
 * is handed on which the caller could declare and did not; nothing is where the gateway itself held it back.
 */
function missingCapabilities(
  { code, data }: RemoteError,
  { era, capabilities = '{}' }: Asker,
): Reply | undefined {
  const required = isJsonObject(data?.value) ? data.value.requiredCapabilities : undefined;
  if (era === 'legacy' || code !== errorCodes.missingCapability || !isJsonObject(required)) return undefined;
  const declared = JSON.parse(capabilities) as object;
  const missing = ['elicitation', 'sampling', 'roots'].filter(
    (name) => Object.hasOwn(required, name) && !Object.hasOwn(declared, name),
  );
  if (missing.length === 0) return undefined;
  const requiredCapabilities = Object.fromEntries(missing.map((name) => [name, required[name]]));
  const message = `The upstream server needs a client that offers ${missing.join(', ')}`;
  return errorReply({ code, message, data: canonicalJson({ requiredCapabilities } as JsonObject) }, 400);
}

/**
 * The upstream's own error, except for codes that speak about one hop: the client would take them for the
 * gateway's, and could change era. What the eras say differently is said in the caller's way.
 */
function relayable(error: RemoteError, { method, target }: Answered, era: Era): ReplyError {
  const { code, message, data } = error;
  if (hopCodes.has(code) || (era === 'modern' && code === urlElicitationRequired)) {
    const told = `The upstream server refused the gateway's request (${code}): ${message}`;
    return { code: errorCodes.internal, message: told };
  }
  const own = { message, ...(data === undefined ? {} : { data: withoutRefusalIn(data) }) };
  if (era === 'modern' && code === resourceNotFound) return { code: errorCodes.invalidParams, ...own };
  if (era === 'legacy' && method === 'resources/read' && isAbout(target, error)) {
    return { code: resourceNotFound, ...own };
  }
  return { code, ...own };
}

/** Modern servers name in `data` the resource that is not there. */
function isAbout(uri: string, { code, data }: RemoteError): boolean {
  const value = data?.value;
  return code === errorCodes.invalidParams && isJsonObject(value) && value.uri === uri;
}

const hopCodes: ReadonlySet<number> = new Set([
  errorCodes.parse,
  errorCodes.headerMismatch,
  errorCodes.missingCapability,
  errorCodes.unsupportedVersion,
]);
const urlElicitationRequired = -32042;
