import { type ForwardRequest, UpstreamFailure, type UpstreamReply } from '../model/upstream.js';
import type { Conversation } from './conversation.js';
import { outgoingRequest } from './outgoing-request.js';
import type { SessionAsker } from './session-key.js';
import type { Holder, Subscriptions } from './subscriptions.js';

/** Where the subscriptions of somebody are kept, and the server told of them. */
export interface Subscriber {
  readonly subscriptions: Subscriptions;
  readonly conversation: Conversation;
}

const done: UpstreamReply = { kind: 'result', result: { text: '{}', value: {} } };
const notOffered: UpstreamReply = {
  kind: 'error',
  error: { code: -32601, message: 'The server does not tell of changes of single resources.' },
};

/** Forwards `resources/subscribe`; a server is asked once for each resource, however many want to hear of it. */
export async function subscribe(
  { subscriptions, conversation }: Subscriber,
  request: ForwardRequest,
  timeoutMs: number,
): Promise<UpstreamReply> {
  if (!conversation.facts.subscribe) return notOffered;
  const uri = request.target.name;
  const holder = holderOf(request);
  const isNew = !subscriptions.has(uri);
  if (!subscriptions.add(uri, holder)) {
    throw new UpstreamFailure('full', 'too many resources are subscribed to already', false);
  }
  const { underWay } = subscriptions;
  try {
    if (isNew) underWay.set(uri, tell({ subscriptions, conversation }, request, timeoutMs));
    const told = underWay.get(uri);
    const reply = told === undefined ? done : await told;
    if (reply.kind === 'error') subscriptions.remove(uri, holder);
    return reply;
  } catch (cause) {
    subscriptions.remove(uri, holder);
    if (isNew) throw cause;
    throw new UpstreamFailure('unavailable', 'another subscription to it, made just before, failed', true);
  } finally {
    if (isNew) underWay.delete(uri);
  }
}

function tell(
  { subscriptions, conversation }: Subscriber,
  { ask: _ask, ...silent }: ForwardRequest,
  timeoutMs: number,
): Promise<UpstreamReply> {
  return conversation.modern
    ? conversation.follow(subscriptions.uris).then(() => done)
    : conversation.send(outgoingRequest(silent, timeoutMs));
}

/** Who subscribes, as far as subscriptions tell callers and clients apart. */
export function holderOf({ client, principal }: SessionAsker): Holder {
  return { asker: client.asker, owner: JSON.stringify([principal.tenant, principal.id]) };
}

/** Takes one holder's subscription back; the server is told when it was the last. Without a conversation it knows of none. */
export function unsubscribe(
  { subscriptions, conversation }: { subscriptions: Subscriptions; conversation: Conversation | undefined },
  uri: string,
  holder: Holder,
): void {
  if (!subscriptions.remove(uri, holder) || conversation === undefined) return;
  if (conversation.modern) conversation.resubscribe(subscriptions.uris);
  else conversation.unsubscribe(uri);
}
