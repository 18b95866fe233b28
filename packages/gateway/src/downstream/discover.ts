import { modernRevision } from '../model/revisions.js';
import { capabilitiesOf } from './capabilities.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { RequestMessage } from './message.js';
import { modernListing, serverMeta } from './modern-result.js';
import { type Reply, resultReply } from './reply.js';

/** Answers from memory, before any upstream is up: some clients wait for it less than a second. */
export function discover(_request: RequestMessage, exchange: Exchange, options: FaceOptions): Reply {
  return resultReply(
    JSON.stringify({
      ...modernListing,
      supportedVersions: [modernRevision],
      capabilities: capabilitiesOf(modernRevision, options),
      instructions: options.instructions?.(exchange.endpoint),
      _meta: serverMeta(options.serverInfo),
    }),
  );
}
