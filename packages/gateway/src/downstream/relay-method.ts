import { membersOf, writeObject } from '../lib/json/members.js';
import type { JsonObjectText } from '../model/json.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { governRequest } from './govern-request.js';
import type { RequestMessage } from './message.js';
import type { Reply } from './reply.js';
import { unknownMethod } from './unknown-method.js';

/** Answers a method of an extension, where the configuration relays it; everything else is unknown. */
export function relayMethod(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Promise<Reply> {
  const target = request.method;
  if (options.relays?.(target) !== true) throw unknownMethod(exchange.era, target);
  return governRequest(request, { kind: 'method', target, args: paramsOf(request) }, { exchange, options });
}

/** All params that the caller sent, besides what belongs to this hop. */
export function paramsOf({ params, document }: RequestMessage): JsonObjectText {
  const { _meta, ...value } = params;
  const text = document.member('params')?.text ?? '{}';
  if (_meta === undefined) return { text, value };
  return { text: writeObject(membersOf(text).filter(([name]) => name !== '_meta')), value };
}
