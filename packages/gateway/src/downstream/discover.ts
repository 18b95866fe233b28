import { modernRevision } from '../model/revisions.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { RequestMessage } from './message.js';
import { modernListing, serverMeta } from './modern-result.js';
import { type Reply, resultReply } from './reply.js';

/** Answers from memory, before any upstream is up: some clients wait for it less than a second. */
export function discover(_request: RequestMessage, _exchange: Exchange, options: FaceOptions): Reply {
  return resultReply(
    JSON.stringify({
      ...modernListing,
      supportedVersions: [modernRevision],
      capabilities: { tools: {} },
      instructions: options.instructions,
      _meta: serverMeta(options.serverInfo),
    }),
  );
}
