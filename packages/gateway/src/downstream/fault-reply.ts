import type { Principal } from '../model/principal.js';
import type { FaceOptions } from './face-options.js';
import type { Message } from './message.js';
import { ProtocolFault } from './protocol-fault.js';
import { faultReply, internalError, type Reply } from './reply.js';

/** Who sent a message, for the record. */
export interface Sender {
  readonly source: string;
  readonly principal: Principal;
}

/** Records a fault of the client, or logs one of ours, and puts it into a reply. */
export function replyToFault(
  cause: unknown,
  from: { readonly sender: Sender; readonly message: Message | undefined },
  options: FaceOptions,
): Reply {
  if (cause instanceof ProtocolFault) {
    recordInvalid({ ...from, reason: cause.reason }, cause.message, options);
    return faultReply(cause);
  }
  options.log.error({ err: cause }, 'a request failed inside the gateway');
  return internalError();
}

/** Whose message is recorded as invalid, and the word for what is wrong with it. */
interface Invalid {
  readonly sender: Sender;
  readonly message: Message | undefined;
  readonly reason?: string;
}

export function recordInvalid(
  { sender, message, reason = 'invalid_message' }: Invalid,
  detail: string,
  options: FaceOptions,
): void {
  options.recorder.invalid({
    source: sender.source,
    reason,
    detail,
    principal: sender.principal,
    ...(message === undefined || message.kind === 'response' ? {} : { method: message.method }),
  });
}
