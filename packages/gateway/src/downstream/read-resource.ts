import { checkParams, textParam } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { governRequest } from './govern-request.js';
import type { RequestMessage } from './message.js';
import type { Reply } from './reply.js';

const known = new Set(['uri', '_meta']);

/** Answers `resources/read`. */
export function readResource(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Promise<Reply> {
  const target = textParam(request, 'uri');
  checkParams(request, known, exchange.era);
  return governRequest(request, { kind: 'resource', target }, { exchange, options });
}
