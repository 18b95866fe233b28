import type { Visit } from './http-visit.js';
import { errorCodes, ProtocolFault } from './protocol-fault.js';
import { errorReply } from './reply.js';
import type { Session, Sessions } from './sessions.js';

/**
 * The session that a request of a legacy client names, if it names one; throws ProtocolFault for one that is not there.
 * It speaks what was agreed at its beginning: clients on older SDKs go on naming another legacy revision in the header.
 */
export function namedSession(visit: Visit, sessions: Sessions): Session | undefined {
  const id = header(visit, 'mcp-session-id');
  if (id === undefined) return undefined;
  const session = sessions.find(id, visit);
  if (session !== undefined) return session;
  throw new ProtocolFault(errorCodes.invalidRequest, noSuchSession, { status: 404 });
}

export const noSuchSession = 'There is no such session; begin a new one with "initialize"';

export function header({ request }: Visit, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** While the gateway drains. */
export const notAccepting = errorReply(
  { code: errorCodes.internal, message: 'The gateway accepts no requests at the moment' },
  503,
);

export const comeBackSoon = ['Retry-After', '1', 'Connection', 'close'];
