import { checkParams, textParam } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { governRequest } from './govern-request.js';
import type { RequestMessage } from './message.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import { type Reply, resultReply } from './reply.js';

const known = new Set(['uri', '_meta']);

/** Answers `resources/subscribe`, governed as a call: whoever may not read a resource hears nothing of it. */
export async function subscribeResource(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Promise<Reply> {
  const target = textParam(request, 'uri');
  checkParams(request, known);
  const { conversation } = exchange;
  if (conversation === undefined) {
    throw refused('Without a session nobody would hear of changes; begin one with "initialize"');
  }
  const isFollowed = conversation.followed.includes(target);
  // First, so that no change is missed.
  if (!conversation.follow(target)) throw refused('This session follows as many resources as one may');
  const reply = await governRequest(request, { kind: 'resource', target }, { exchange, options });
  if (!isFollowed && !reply.body.startsWith('"result":')) conversation.unfollow(target);
  return reply;
}

/** Answers `resources/unsubscribe`; what nobody follows is unfollowed already. */
export function unsubscribeResource(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Reply {
  const uri = textParam(request, 'uri');
  checkParams(request, known);
  exchange.conversation?.unfollow(uri);
  const { endpoint, principal, client, arrival } = exchange;
  const session = arrival.session === undefined ? {} : { session: arrival.session };
  options.unsubscribe?.({ endpoint, uri, principal, client, ...session });
  return resultReply('{}');
}

function refused(message: string): ProtocolFault {
  return new ProtocolFault(errorCodes.invalidRequest, message, { status: 200 });
}
