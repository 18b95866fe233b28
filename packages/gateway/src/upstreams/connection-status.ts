import type { ConnectionStatus } from '../model/upstream.js';
import type { NewsOwner } from '../model/upstream-news.js';
import type { Connection } from './connection.js';
import type { Conversation } from './conversation.js';
import type { SessionPool } from './session-pool.js';
import type { UpstreamSession } from './upstream-session.js';

/** What is told about the connections of one upstream. */
export interface ConnectionsParts {
  readonly main: Conversation | undefined;
  /** Whose calls go over the main connection, too. */
  readonly mainOwner: NewsOwner;
  readonly pool: SessionPool;
}

/** All connections that are open, the one that lists first, with what they cost and why they are alive. */
export async function connectionsOf(parts: ConnectionsParts): Promise<ConnectionStatus[]> {
  const { main, mainOwner, pool } = parts;
  const told = pool.sessions.map((session) => sessionStatus(session, pool));
  if (main !== undefined) told.unshift(mainStatus(main, mainOwner));
  return Promise.all(told);
}

async function mainStatus(main: Conversation, owner: NewsOwner): Promise<ConnectionStatus> {
  const { connection, startedAt, lastCallAt } = main;
  return {
    role: 'main',
    startedAt,
    ...(await costOf(connection)),
    ...(lastCallAt === undefined ? {} : { lastCallAt }),
    why: owner === 'everyone' ? 'lists' : `lists, and is the session of ${nameOf(owner)}`,
  };
}

async function sessionStatus(session: UpstreamSession, pool: SessionPool): Promise<ConnectionStatus> {
  const { key, conversation, connection, idleSince } = session;
  const { startedAt = idleSince, lastCallAt } = conversation ?? {};
  return {
    role: 'session',
    startedAt,
    ...(connection === undefined ? {} : await costOf(connection)),
    ...(lastCallAt === undefined ? {} : { lastCallAt }),
    why: `session of ${nameOf(key.owner)}, ${useOf(session, pool)}`,
  };
}

function useOf(session: UpstreamSession, pool: SessionPool): string {
  if (session.conversation === undefined) return 'starting';
  if (session.calls > 0) return session.calls === 1 ? '1 call in flight' : `${session.calls} calls in flight`;
  const leftMs = pool.idleLeftMs(session);
  return leftMs === undefined ? 'subscribed' : `idle, ends in ${Math.max(0, Math.ceil(leftMs / 1000))} s`;
}

function nameOf(owner: NewsOwner): string {
  return owner === 'everyone' ? 'all callers' : owner.principal;
}

async function costOf(connection: Connection): Promise<{ pid?: number; memoryBytes?: number }> {
  const { pid } = connection;
  const memoryBytes = await connection.memoryBytes();
  return {
    ...(pid === undefined ? {} : { pid }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}
