import type { Revision } from '../model/call.js';
import { errorCodes, type ProtocolFault } from './protocol-fault.js';

/** What a method answers: the `"result":…` or `"error":…` member of the response, as JSON text. */
export interface Reply {
  readonly body: string;
  /** HTTP status; other transports ignore it. A fault of ours has 200 too, for clients read no error behind others. */
  readonly status: number;
  /** The revision that `initialize` agreed on. */
  readonly negotiated?: Revision;
}

export interface ReplyError {
  readonly code: number;
  readonly message: string;
  /** JSON text. */
  readonly data?: string | undefined;
}

/** A reply with a result, given as JSON text. */
export function resultReply(result: string): Reply {
  return { body: `"result":${result}`, status: 200 };
}

export function errorReply({ code, message, data }: ReplyError, status = 200): Reply {
  const tail = data === undefined ? '' : `,"data":${data}`;
  return { body: `"error":{"code":${code},"message":${JSON.stringify(message)}${tail}}`, status };
}

export function faultReply(fault: ProtocolFault): Reply {
  return errorReply(fault, fault.status);
}

/** The whole JSON-RPC response; `id` is the exact JSON text of the request's id. */
export function responseMessage(id: string, reply: Reply): string {
  return `{"jsonrpc":"2.0","id":${id},${reply.body}}`;
}

/** For faults of ours: the caller gets a reference at most, the log has the cause. */
export function internalError(reference?: string): Reply {
  const message = reference === undefined ? 'Internal error' : `Internal error (reference ${reference})`;
  return errorReply({ code: errorCodes.internal, message });
}
