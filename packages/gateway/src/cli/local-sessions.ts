import { createSessions } from '../app/create-sessions.js';
import { contentPolicyOf, createTrail } from '../app/create-trail.js';
import { userName } from '../app/local-operator.js';
import { endOf, sessionJson, shownScopes } from '../control/session-json.js';
import { stateOfKey } from '../identity/key-ring.js';
import type { SessionDesk, SessionOwner } from '../identity/session-desk.js';
import { isSessionToken } from '../identity/session-token.js';
import { SessionFault, type SessionWish } from '../identity/session-wish.js';
import { systemClock } from '../lib/clock.js';
import type { Session, SessionBudget } from '../model/session.js';
import type { Store } from '../store/open-store.js';
import { CliError } from './cli-error.js';
import { type LocalStore, withLocalStore } from './local-store.js';
import type { SessionOptions, SessionsAt } from './sessions-at.js';
import { visibleText } from './visible-text.js';

const tenant = 'default';

/** The sessions of the store that the options mean, for as long as `use` takes. A gateway may run on it. */
export function withLocalSessions<Result>(
  options: SessionOptions,
  use: (sessions: SessionsAt) => Promise<Result>,
): Promise<Result> {
  return withLocalStore(options, (local) => use(atStore(local)));
}

function atStore({ store, config, log }: LocalStore): SessionsAt {
  const content = () => contentPolicyOf(config);
  const trail = createTrail(store, { clock: systemClock, log, content, redact: (text) => text });
  const desk = createSessions({ store, trail, clock: systemClock, log, config: () => config });
  const leftOf = budgetsIn(store);
  const shown = (session: Session) => sessionJson(session, { now: systemClock.now(), leftOf });
  return {
    async create(wish, { key, parent }) {
      const owner = ownerOf(key, store);
      const from = parent === undefined ? undefined : parentOf(parent, owner, desk);
      const { token, session } = await createFor(desk, owner, { wish, from });
      const { id, agent } = session;
      return { session_id: token, id, agent_id: agent, scopes: shownScopes(session), ...endOf(session) };
    },
    async list({ all, limit }) {
      const valid = all ? {} : { validAt: systemClock.now() };
      return desk.list({ tenant, limit, ...valid }).map(shown);
    },
    show: async (id) => shown(known(desk, id)),
    async revoke(id) {
      const session = known(desk, id);
      if (await desk.revoke(session, `cli:${userName()}`)) return shown(known(desk, session.id));
      throw new CliError(`${visibleText(session.id)}: the session is revoked already`);
    },
  };
}

interface Wanted {
  readonly wish: SessionWish;
  readonly from: Session | undefined;
}

function createFor(desk: SessionDesk, owner: SessionOwner, { wish, from }: Wanted) {
  const by = `cli:${userName()}`;
  return desk.create(owner, wish, { parent: from, by }).catch((cause: unknown) => {
    if (cause instanceof SessionFault) throw new CliError(`${cause.member}: ${cause.message}`, 2);
    throw cause;
  });
}

/** Whom the session is for: the caller who has the key. */
function ownerOf(key: string | undefined, { keys }: Store): SessionOwner {
  if (key === undefined) throw new CliError('--key: expected the id of the key that the session is for', 2);
  const row = keys.find(key);
  const state = row === undefined ? 'unknown' : stateOfKey(row, systemClock.now());
  if (row === undefined || state !== 'active')
    throw new CliError(`--key: key ${visibleText(key)} is ${state}: "sallyport keys list" shows the keys`);
  return { id: row.principal, tenant: row.tenant, credential: `key:${row.id}` };
}

function parentOf(parent: string, owner: SessionOwner, desk: SessionDesk): Session {
  const session = isSessionToken(parent) ? desk.find(parent, owner) : undefined;
  if (session !== undefined) return session;
  throw new CliError('--parent: there is no such session of this key, or it is over');
}

function known(desk: SessionDesk, id: string): Session {
  const session = desk.look(id, tenant);
  if (session !== undefined) return session;
  throw new CliError('there is no such session; "sallyport sessions list --all" shows all');
}

/** What the records that are in the database say; a running gateway may be a moment ahead. */
function budgetsIn({ ledger }: Store): (budget: SessionBudget) => bigint {
  return ({ session, micros }) => {
    const left = micros - ledger.totalOf({ budget: `session:${session}`, unit: 'USD', scope: '' });
    return left < 0n ? 0n : left;
  };
}
