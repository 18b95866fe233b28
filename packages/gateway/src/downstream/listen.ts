import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { RequestMessage } from './message.js';
import type { Reply } from './reply.js';
import { unknownMethod } from './unknown-method.js';

/** Answers `subscriptions/listen`. */
export function listen(
  request: RequestMessage,
  exchange: Exchange,
  { listens }: FaceOptions,
): Promise<Reply> {
  if (listens === undefined) throw unknownMethod(exchange.era, request.method);
  return listens.listen(request, exchange);
}
