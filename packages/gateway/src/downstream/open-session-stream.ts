import { legacyRevisionOf } from '../model/revisions.js';
import type { EventStream } from './event-stream.js';
import { replyToFault } from './fault-reply.js';
import { errorText, sendJson } from './http-answers.js';
import { acceptsEvents } from './http-exchange.js';
import { comeBackSoon, header, namedSession, notAccepting } from './http-session.js';
import type { HttpState } from './http-state.js';
import type { Visit } from './http-visit.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import { responseMessage } from './reply.js';
import type { Session } from './sessions.js';

/** Answers `GET /mcp`: a stream for what belongs to no request, or the rest of one that was lost. */
export function openSessionStream(visit: Visit, state: HttpState): void {
  const { response } = visit;
  if (header(visit, 'mcp-session-id') === undefined) {
    sendJson(response, { status: 405, text: notOffered }, ['Allow', 'POST, DELETE']);
    return;
  }
  // Whoever lost the stream of a call under way may come back for it also while the gateway drains.
  if (!state.options.accepting() && header(visit, 'last-event-id') === undefined) {
    sendJson(response, { status: 503, text: responseMessage('null', notAccepting) }, comeBackSoon);
    return;
  }
  try {
    const session = sessionOf(visit, state);
    const stream = streamOf(visit, session, state);
    // The head must not wait for the first message.
    if (!response.writableEnded) response.flushHeaders();
    state.longStreams.watch(visit, stream, state.sessions.hold(session));
    state.listen(session);
  } catch (cause) {
    const reply = replyToFault(cause, { sender: visit, message: undefined }, state.options);
    sendJson(response, { status: reply.status, text: responseMessage('null', reply) });
  }
}

function sessionOf(visit: Visit, { sessions }: HttpState): Session {
  if (!acceptsEvents(visit)) throw refused(406, 'The Accept header must name text/event-stream');
  const named = header(visit, 'mcp-protocol-version');
  if (named !== undefined && legacyRevisionOf(named) === undefined) {
    throw refused(400, 'The MCP-Protocol-Version header names no revision that has such streams');
  }
  const session = namedSession(visit, sessions);
  if (session === undefined) throw refused(405, 'A stream belongs to a session');
  return session;
}

function streamOf(visit: Visit, session: Session, state: HttpState): EventStream {
  if (!state.longStreams.hasRoomFor(visit)) throw refused(429, 'You have as many streams open as one may');
  const streams = state.streamsOf(session);
  const lastEventId = header(visit, 'last-event-id');
  if (lastEventId === undefined || lastEventId === '') {
    const opened = streams.open(visit.response);
    if (opened !== undefined) return opened;
    throw refused(409, 'The session has as many streams open as one may');
  }
  const resumed = streams.resume(lastEventId, visit.response);
  if (resumed !== undefined) return resumed;
  throw refused(400, 'The Last-Event-ID names no event of this session that is still kept; ask again');
}

const notOffered = errorText(
  errorCodes.invalidRequest,
  'Messages are sent by POST; only a session (Mcp-Session-Id) has a stream to GET',
);

function refused(status: number, message: string): ProtocolFault {
  return new ProtocolFault(errorCodes.invalidRequest, message, { status });
}
