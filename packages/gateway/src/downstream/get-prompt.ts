import { checkParams, objectParam, textParam } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { governRequest } from './govern-request.js';
import type { RequestMessage } from './message.js';
import type { Reply } from './reply.js';

const known = new Set(['name', 'arguments', '_meta']);

/** Answers `prompts/get`. */
export function getPrompt(request: RequestMessage, exchange: Exchange, options: FaceOptions): Promise<Reply> {
  const target = textParam(request, 'name');
  checkParams(request, known, exchange.era);
  const args = objectParam(request, 'arguments');
  return governRequest(request, { kind: 'prompt', target, args }, { exchange, options });
}
