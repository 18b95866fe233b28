import type { Outcome, RemoteError } from '../model/outcome.js';
import type { Refusal, RefusalCode } from '../model/refusal.js';
import type { Era } from '../model/revisions.js';
import type { ServerInfo } from './face-options.js';
import { serverMeta } from './modern-result.js';
import { errorCodes, excerpt } from './protocol-fault.js';
import { errorReply, internalError, type Reply, resultReply } from './reply.js';
import { refusalKey, resultInEra } from './result-in-era.js';

/** What REST would answer; agents read it beside the code. */
const statuses: Record<RefusalCode, number> = {
  unknown_target: 404,
  invalid_arguments: 400,
  concurrency_limited: 429,
  denied: 403,
  audit_unavailable: 503,
  credential_unavailable: 503,
  upstream_unavailable: 503,
  upstream_timeout: 504,
  result_blocked: 403,
};

export interface Asker {
  readonly era: Era;
  readonly serverInfo: ServerInfo;
}

/** What the caller of a tool is told. `target` is the name as the caller wrote it. */
export function replyOf(outcome: Outcome, target: string, asker: Asker): Reply {
  switch (outcome.kind) {
    case 'completed': {
      const text = resultInEra(outcome.result, asker.era);
      if (text !== undefined) return resultReply(text);
      const sentence = 'The upstream server asked for input, which the gateway does not relay.';
      return resultReply(errorResult(sentence, {}, asker));
    }
    case 'errored':
      return errorReply(relayable(outcome.error, asker.era));
    case 'refused':
      return resultReply(refusedResult(outcome.refusal, outcome.callId, asker));
    case 'unknown':
      return unknownTool(target);
    case 'failed':
      return internalError(outcome.callId);
  }
}

/** Hidden or absent, the words are the same. */
export function unknownTool(target: string): Reply {
  return errorReply({ code: errorCodes.invalidParams, message: `Unknown tool: ${excerpt(target)}` });
}

/** A list has no `isError`, so its refusal is an error outside the range that JSON-RPC reserves. */
export function refusedListing(refusal: Refusal): Reply {
  const code = statuses[refusal.code];
  return errorReply({ code, message: refusal.message, data: JSON.stringify(refusalData(refusal)) });
}

function refusedResult(refusal: Refusal, callId: string, asker: Asker): string {
  const data = { ...refusalData(refusal), decisionId: callId };
  return errorResult(refusal.message, { [refusalKey]: data }, asker);
}

function refusalData(refusal: Refusal): object {
  return {
    code: refusal.code,
    status: statuses[refusal.code],
    rule: refusal.rule,
    retryAfterSeconds: refusal.retryAfterSeconds,
    ...(refusal.mayHaveRun ? { mayHaveRun: true } : {}),
  };
}

function errorResult(sentence: string, meta: object, { era, serverInfo }: Asker): string {
  const content = [{ type: 'text', text: sentence }];
  if (era === 'legacy') return JSON.stringify({ content, isError: true, _meta: meta });
  const _meta = { ...meta, ...serverMeta(serverInfo) };
  return JSON.stringify({ resultType: 'complete', content, isError: true, _meta });
}

/**
 * The upstream's own error, except for codes that speak about one hop: the client would take them for the
 * gateway's, and could change era. The last two must not reach modern clients.
 */
function relayable(error: RemoteError, era: Era): { code: number; message: string; data?: string } {
  if (hopCodes.has(error.code) || (era === 'modern' && legacyCodes.has(error.code))) {
    const message = `The upstream server refused the gateway's request (${error.code}): ${error.message}`;
    return { code: errorCodes.internal, message };
  }
  const { code, message, data } = error;
  return { code, message, ...(data === undefined ? {} : { data: data.text }) };
}

const hopCodes: ReadonlySet<number> = new Set([-32700, -32020, -32021, -32022]);
const legacyCodes: ReadonlySet<number> = new Set([-32002, -32042]);
