import { type ForwardRequest, UpstreamFailure, type UpstreamReply } from '../model/upstream.js';
import type { Conversation } from './conversation.js';
import type { Lanes } from './lanes.js';
import { outgoingRequest } from './outgoing-request.js';
import { ParkableCall } from './parkable-call.js';
import type { SessionKey } from './session-key.js';
import type { SessionPool } from './session-pool.js';
import { subscribe } from './subscribe.js';
import type { UpstreamSession } from './upstream-session.js';
import { waitWithin } from './wait-within.js';

/** A call and by when it has to be answered. */
interface TimedCall {
  readonly request: ForwardRequest;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** Sends one call on a session of its key, which is opened if need be. The time of the call includes the waiting. */
export async function forwardPooled(
  pool: SessionPool,
  key: SessionKey,
  request: ForwardRequest,
): Promise<UpstreamReply> {
  const call = { request, deadline: pool.deadlineIn(request.timeoutMs) };
  const lanes = pool.lanesOf(key);
  const { asker } = request.client;
  const found = pool.seat(lanes, asker);
  found?.enter(asker, request.session);
  const session = found ?? (await waitForSeat(pool, lanes, call));
  const isParkable = key.interactive && request.session === undefined;
  try {
    if (!isParkable) return await send(pool, session, call);
    return await sendParkable(pool, session, { ...call, onParked: () => pool.makeRoom(lanes) });
  } catch (cause) {
    if (spoils(key, cause)) session.spoiled = true;
    throw cause;
  } finally {
    pool.leave(lanes, session);
  }
}

/**
 * Whether a failed call leaves work behind about which the server may ask, on a session where the next call may be another
 * caller's: that one would be asked. It keeps no state, by the word of its operator, so nothing is lost with it.
 */
function spoils({ owner, interactive }: SessionKey, cause: unknown): boolean {
  if (owner !== 'everyone' || !interactive || !(cause instanceof UpstreamFailure)) return false;
  return cause.sent && (cause.kind === 'timeout' || cause.kind === 'cancelled' || cause.kind === 'full');
}

async function sendParkable(
  pool: SessionPool,
  session: UpstreamSession,
  { request, deadline, onParked }: TimedCall & { readonly onParked: () => void },
): Promise<UpstreamReply> {
  const parkable = new ParkableCall(request, { clock: pool.clock, onParked });
  session.parkable = parkable;
  try {
    return await send(pool, session, { request: parkable.request, deadline });
  } catch (cause) {
    throw parkable.explain(cause);
  } finally {
    parkable.end();
    session.parkable = undefined;
  }
}

async function send(pool: SessionPool, session: UpstreamSession, call: TimedCall): Promise<UpstreamReply> {
  const conversation = session.conversation ?? (await whenUp(pool, session, call));
  const timeoutMs = call.deadline - pool.clock.now();
  if (timeoutMs <= 0) throw new UpstreamFailure('timeout', 'no session in time', false);
  return conversation.send(outgoingRequest(call.request, timeoutMs));
}

/** Subscribes on the first session of the key; it is made again whenever that is opened again. */
export async function subscribePooled(
  pool: SessionPool,
  key: SessionKey,
  request: ForwardRequest,
): Promise<UpstreamReply> {
  const call = { request, deadline: pool.deadlineIn(request.timeoutMs) };
  const lanes = pool.lanesOf(key);
  const session = lanes.home ?? pool.open(lanes);
  session.enter(undefined, request.session);
  try {
    const conversation = session.conversation ?? (await whenUp(pool, session, call));
    const { subscriptions } = lanes;
    return await subscribe({ subscriptions, conversation }, request, call.deadline - pool.clock.now());
  } finally {
    pool.leave(lanes, session);
  }
}

function whenUp(pool: SessionPool, { ready }: UpstreamSession, call: TimedCall): Promise<Conversation> {
  return waitWithin(ready, patience(pool, call, 'session'));
}

async function waitForSeat(pool: SessionPool, lanes: Lanes, call: TimedCall): Promise<UpstreamSession> {
  const { client, session: clientSession } = call.request;
  let seat: UpstreamSession | undefined;
  let giveUp: () => void = () => undefined;
  const seated = new Promise<UpstreamSession>((resolve) => {
    giveUp = lanes.wait(client.asker, (session) => {
      seat = session;
      session.enter(client.asker, clientSession);
      resolve(session);
    });
  });
  pool.makeRoom(lanes);
  try {
    return await waitWithin(seated, patience(pool, call, 'free session'));
  } catch (cause) {
    giveUp();
    if (seat !== undefined) pool.leave(lanes, seat);
    pool.tidy(lanes);
    throw cause;
  }
}

function patience(pool: SessionPool, { request, deadline }: TimedCall, what: string) {
  return { clock: pool.clock, deadline, signal: request.signal, what };
}
