import { isJsonObject } from '../lib/json/parse-json.js';
import type { Revision } from '../model/call.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { type Era, legacyRevisionOf, modernRevision } from '../model/revisions.js';
import type { Message } from './message.js';
import { errorCodes, excerpt, ProtocolFault } from './protocol-fault.js';

const versionKey = 'io.modelcontextprotocol/protocolVersion';
export const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';
const clientInfoKey = 'io.modelcontextprotocol/clientInfo';

/** The era of a message, and for a legacy one the revision its header names. */
export interface Speaking {
  readonly era: Era;
  readonly revision?: Revision;
}

const modern: Speaking = { era: 'modern', revision: modernRevision };
const legacy: Speaking = { era: 'legacy' };

/** Era by the body alone, for transports without headers. */
export function eraOf(message: Message): Speaking {
  const claim = claimOf(message);
  if (claim === undefined) return legacy;
  if (claim !== modernRevision) throw unsupported(claim);
  return modern;
}

/** Era by the body; the version header cross-checks it. */
export function eraOverHttp(message: Message, header: string | undefined): Speaking {
  const claim = claimOf(message);
  if (claim === undefined) return unclaimed(message, header);
  if (header === undefined && message.kind === 'request') {
    throw mismatch(`The MCP-Protocol-Version header is missing, the body says ${quote(claim)}`);
  }
  if (header !== undefined && header !== claim) {
    throw mismatch(`The MCP-Protocol-Version header says ${quote(header)}, the body ${quote(claim)}`);
  }
  if (claim !== modernRevision) throw unsupported(claim);
  return modern;
}

/** Whether the `params` say which revision they are written in, as only modern ones do. */
export function claimsRevision(params: JsonValue | undefined): boolean {
  const meta = isJsonObject(params) ? params._meta : undefined;
  return isJsonObject(meta) && Object.hasOwn(meta, versionKey);
}

/** The envelope that every modern request carries in `_meta`. */
export function checkEnvelope(params: JsonObject): void {
  const meta = metaOf(params);
  if (!isJsonObject(meta?.[capabilitiesKey])) {
    throw new ProtocolFault(errorCodes.invalidParams, `"_meta" must have an object "${capabilitiesKey}"`);
  }
  const clientInfo = meta?.[clientInfoKey];
  if (clientInfo !== undefined && !isJsonObject(clientInfo)) {
    throw new ProtocolFault(errorCodes.invalidParams, `"${clientInfoKey}" must be an object`);
  }
}

export function metaOf(params: JsonObject): JsonObject | undefined {
  const meta = params._meta;
  if (meta === undefined || isJsonObject(meta)) return meta;
  throw new ProtocolFault(errorCodes.invalidParams, '"_meta" must be an object');
}

export function mismatch(message: string, data?: object): ProtocolFault {
  return new ProtocolFault(
    errorCodes.headerMismatch,
    message,
    data === undefined ? {} : { data: JSON.stringify(data) },
  );
}

/** The revision that the message says it is written in; legacy messages say nothing. */
function claimOf(message: Message): string | undefined {
  if (message.kind === 'response') return undefined;
  const claim = metaOf(message.params)?.[versionKey];
  if (claim === undefined || typeof claim === 'string') return claim;
  throw new ProtocolFault(errorCodes.invalidParams, `"${versionKey}" must be a string`);
}

function unclaimed(message: Message, header: string | undefined): Speaking {
  if (header === undefined) return legacy;
  if (header === modernRevision) {
    if (message.kind !== 'request') return modern;
    const missing = `The header says ${modernRevision}, but "_meta" has no "${versionKey}"`;
    throw new ProtocolFault(errorCodes.invalidParams, missing);
  }
  const revision = legacyRevisionOf(header);
  if (revision === undefined) throw unsupported(header);
  return { era: 'legacy', revision };
}

function unsupported(requested: string): ProtocolFault {
  const data = JSON.stringify({ supported: [modernRevision], requested: excerpt(requested) });
  return new ProtocolFault(
    errorCodes.unsupportedVersion,
    `Unsupported protocol version ${quote(requested)}`,
    { data },
  );
}

function quote(foreign: string): string {
  return JSON.stringify(excerpt(foreign));
}
