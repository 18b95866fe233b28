import { latestLegacyRevision, legacyRevisionOf } from '../model/revisions.js';
import { capabilitiesOf } from './capabilities.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { RequestMessage } from './message.js';
import { wrongParams } from './protocol-fault.js';
import { type Reply, resultReply } from './reply.js';

/** Opens a legacy conversation: agrees on the revision asked for, or offers the latest legacy one. */
export function initialize(request: RequestMessage, exchange: Exchange, options: FaceOptions): Reply {
  const asked = request.params.protocolVersion;
  if (typeof asked !== 'string') throw wrongParams('"protocolVersion" must be a string');
  const negotiated = legacyRevisionOf(asked) ?? latestLegacyRevision;
  const result = JSON.stringify({
    protocolVersion: negotiated,
    capabilities: capabilitiesOf(negotiated, options),
    serverInfo: options.serverInfo,
    instructions: options.instructions?.(exchange.endpoint),
  });
  return { ...resultReply(result), negotiated };
}
