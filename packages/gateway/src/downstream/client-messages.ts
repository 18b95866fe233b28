import type { Conversation } from './conversation.js';
import type { ClientEvent, FaceOptions } from './face-options.js';
import { recordInvalid, type Sender } from './fault-reply.js';
import type { InFlight } from './in-flight.js';
import { idKey, type NotificationMessage, type ResponseMessage } from './message.js';
import { isRequestMethod } from './methods.js';

/** Who says something that needs no answer, and what it can be about. */
export interface Speaker {
  readonly sender: Sender;
  readonly endpoint: string | undefined;
  /** Whose requests its cancellations can mean; absent for modern clients over HTTP, who cancel by hanging up. */
  readonly scope: string | undefined;
  readonly inFlight: InFlight;
  /** Absent without a session: then nothing was ever asked. */
  readonly conversation: Conversation | undefined;
  readonly session: string | undefined;
}

export function takeNotification(message: NotificationMessage, speaker: Speaker, options: FaceOptions): void {
  const { sender, scope, inFlight, conversation } = speaker;
  if (isRequestMethod(message.method)) {
    recordInvalid({ sender, message }, 'a request without an id was dropped', options);
  } else if (message.method === 'notifications/cancelled') {
    const key = idKey(message.params.requestId);
    if (key !== undefined && scope !== undefined) inFlight.cancel(scope, key);
  } else if (message.method === 'notifications/roots/list_changed' && conversation?.has('roots') === true) {
    options.rootsChanged?.(eventAbout(speaker, conversation));
  }
}

/** A response counts for the one question it answers; any other is recorded and changes nothing. */
export function takeResponse(message: ResponseMessage, speaker: Speaker, options: FaceOptions): void {
  if (speaker.conversation?.settle(message) === true) return;
  const { sender } = speaker;
  recordInvalid({ sender, message }, 'a response to no open question was dropped', options);
}

export function eventAbout(
  { sender, session, endpoint }: Pick<Speaker, 'sender' | 'session' | 'endpoint'>,
  { client }: Conversation,
): ClientEvent {
  const { principal } = sender;
  return { principal, endpoint, client, ...(session === undefined ? {} : { session }) };
}
