import { isJsonObject } from '../../lib/json/parse-json.js';
import type { Revision } from '../../model/call.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import {
  latestLegacyRevision,
  legacyRevisionOf,
  legacyRevisions,
  modernRevision,
} from '../../model/revisions.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { ServerFacts } from '../connection.js';

const unsupportedVersion = -32022;
const headerMismatch = -32020;
const capabilityMissing = -32021;

/** What an answer to `server/discover` says about the era of the server. */
export type ProbeVerdict =
  | { readonly era: 'modern'; readonly facts: ServerFacts }
  | { readonly era: 'legacy' };

/** The members of `_meta` that every modern request carries. */
export function modernEnvelope(version: string): string {
  return (
    `"io.modelcontextprotocol/protocolVersion":"${modernRevision}",` +
    `"io.modelcontextprotocol/clientInfo":{"name":"sallyport","version":${JSON.stringify(version)}},` +
    '"io.modelcontextprotocol/clientCapabilities":{}'
  );
}

/** The members of the params of `initialize`. */
export function initializeMembers(version: string, pinned: Revision | undefined): string {
  const revision = pinned ?? latestLegacyRevision;
  const clientInfo = `{"name":"sallyport","version":${JSON.stringify(version)}}`;
  return `"protocolVersion":"${revision}","capabilities":{},"clientInfo":${clientInfo}`;
}

/**
 * Judges the answer to the probe. Only errors that the modern era alone knows speak for it; every other error comes
 * from a legacy server, whichever code it chose.
 */
export function judgeProbe(reply: UpstreamReply): ProbeVerdict {
  if (reply.kind === 'result') return judgeVersions(reply.result.value.supportedVersions, reply.result.value);
  const { code, data } = reply.error;
  if (code === unsupportedVersion && isJsonObject(data?.value))
    return judgeVersions(data.value.supported, {});
  if (code === headerMismatch || code === capabilityMissing) return { era: 'modern', facts: modernFacts({}) };
  return { era: 'legacy' };
}

/**
 * Reads the answer to `initialize`; throws UpstreamFailure when there is no revision that both sides speak. What the
 * server wrote is quoted whole: half a secret would not be recognised as one.
 */
export function readInitialize(reply: UpstreamReply): ServerFacts {
  if (reply.kind === 'error') {
    throw new UpstreamFailure('malformed', `initialize failed: ${reply.error.message}`, true);
  }
  const { protocolVersion, capabilities } = reply.result.value;
  const revision = legacyRevisionOf(protocolVersion);
  if (revision === undefined) {
    const found = typeof protocolVersion === 'string' ? JSON.stringify(protocolVersion) : 'none';
    const message = `no common protocol revision: expected one of ${legacyRevisions.join(', ')}, the server chose ${found}`;
    throw new UpstreamFailure('malformed', message, true);
  }
  return { revision, ...readCapabilities(capabilities) };
}

/**
 * Errors about this hop, which a caller would take for its own; their text, or `undefined` for the caller's business.
 */
export function hopFault(reply: UpstreamReply): string | undefined {
  if (reply.kind === 'result') return interimFault(reply.result.value.resultType);
  if (reply.error.code === unsupportedVersion) return 'the upstream no longer speaks the negotiated revision';
  if (reply.error.code === headerMismatch)
    return 'the upstream refused the headers; its tools may have changed';
  if (reply.error.code === capabilityMissing)
    return 'the upstream needs a client capability that is not offered';
  return undefined;
}

/** What an error about this hop tells about the connection as a whole, if it is one. */
export function consequenceOf(reply: UpstreamReply): 'list_again' | 'negotiate_again' | undefined {
  if (reply.kind === 'result') return undefined;
  if (reply.error.code === headerMismatch) return 'list_again';
  return reply.error.code === unsupportedVersion ? 'negotiate_again' : undefined;
}

/** A legacy client would take an interim result for a success, so none is let through; none was invited either. */
function interimFault(resultType: JsonValue | undefined): string | undefined {
  if (resultType === undefined || resultType === 'complete') return undefined;
  const found = typeof resultType === 'string' ? JSON.stringify(resultType) : 'no string';
  return `the upstream answered with another resultType than "complete": ${found}`;
}

function judgeVersions(versions: JsonValue | undefined, discovered: JsonObject): ProbeVerdict {
  if (!Array.isArray(versions) || !versions.includes(modernRevision)) return { era: 'legacy' };
  return { era: 'modern', facts: modernFacts(discovered) };
}

function modernFacts(discovered: JsonObject): ServerFacts {
  return { revision: modernRevision, ...readCapabilities(discovered.capabilities) };
}

function readCapabilities(capabilities: JsonValue | undefined): { listChanged: boolean; hasTools: boolean } {
  const tools = isJsonObject(capabilities) ? capabilities.tools : undefined;
  return { hasTools: isJsonObject(tools), listChanged: isJsonObject(tools) && tools.listChanged === true };
}
