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
import { capabilityMissing, headerMismatch, unsupportedVersion } from './hop-faults.js';
import { serverFacts } from './server-facts.js';

/** What an answer to `server/discover` says about the era of the server. */
export type ProbeVerdict =
  | { readonly era: 'modern'; readonly facts: ServerFacts }
  | { readonly era: 'legacy' };

/** What a legacy server is told when a conversation begins. */
export interface Introduction {
  /** The gateway's. */
  readonly version: string;
  readonly pinned: Revision | undefined;
  /** JSON text of what the client behind the conversation can do. */
  readonly capabilities: string;
}

/** The members of the params of `initialize`. */
export function initializeMembers({ version, pinned, capabilities }: Introduction): string {
  const revision = pinned ?? latestLegacyRevision;
  const clientInfo = `{"name":"sallyport","version":${JSON.stringify(version)}}`;
  return `"protocolVersion":"${revision}","capabilities":${capabilities},"clientInfo":${clientInfo}`;
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
  if (code === headerMismatch || code === capabilityMissing) return modern({});
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
  const { protocolVersion } = reply.result.value;
  const revision = legacyRevisionOf(protocolVersion);
  if (revision === undefined) {
    const found = typeof protocolVersion === 'string' ? JSON.stringify(protocolVersion) : 'none';
    const message = `no common protocol revision: expected one of ${legacyRevisions.join(', ')}, the server chose ${found}`;
    throw new UpstreamFailure('malformed', message, true);
  }
  return serverFacts(revision, reply.result.value);
}

function judgeVersions(versions: JsonValue | undefined, discovered: JsonObject): ProbeVerdict {
  if (!Array.isArray(versions) || !versions.includes(modernRevision)) return { era: 'legacy' };
  return modern(discovered);
}

function modern(discovered: JsonObject): ProbeVerdict {
  return { era: 'modern', facts: serverFacts(modernRevision, discovered) };
}
