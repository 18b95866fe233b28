import type { Era } from '../model/revisions.js';
import { callTool } from './call-tool.js';
import { discover } from './discover.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { initialize } from './initialize.js';
import { listTools } from './list-tools.js';
import type { RequestMessage } from './message.js';
import { errorCodes, excerpt, ProtocolFault } from './protocol-fault.js';
import { type Reply, resultReply } from './reply.js';

/** Answers one request; throws or rejects with ProtocolFault where its parameters are wrong. */
export type Method = (
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
) => Reply | Promise<Reply>;

/** All that a client may ask, by era; whatever is not here is refused. */
const methods: Record<Era, ReadonlyMap<string, Method>> = {
  legacy: new Map<string, Method>([
    ['initialize', initialize],
    ['ping', () => resultReply('{}')],
    ['tools/list', listTools],
    ['tools/call', callTool],
  ]),
  modern: new Map<string, Method>([
    ['server/discover', discover],
    ['tools/list', listTools],
    ['tools/call', callTool],
  ]),
};

/** Throws the "method not found" fault of the era for everything that is not offered. */
export function methodOf(era: Era, name: string): Method {
  const method = methods[era].get(name);
  if (method !== undefined) return method;
  const status = era === 'modern' ? 404 : 200;
  throw new ProtocolFault(errorCodes.unknownMethod, `Unknown method: ${excerpt(name)}`, { status });
}

/** Whether a message of this name must be a request: as a notification it is dropped and recorded. */
export function isRequestMethod(name: string): boolean {
  return !name.startsWith('notifications/');
}
