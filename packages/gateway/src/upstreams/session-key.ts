import type { Principal } from '../model/principal.js';
import type { ForwardRequest } from '../model/upstream.js';
import type { NewsOwner } from '../model/upstream-news.js';
import type { SessionSharing } from './upstream-spec.js';

/**
 * Which calls may share a session with a legacy upstream. The credential that is injected needs no place in it: it
 * depends on the upstream and the principal alone, and an upstream configured anew is another one.
 */
export interface SessionKey {
  /** Equal for keys that are equal. */
  readonly text: string;
  readonly owner: NewsOwner;
  /** JSON text of what the client behind it declared; frozen when a session is opened. */
  readonly capabilities: string;
  /** Whether the server may ask questions on such a session. */
  readonly interactive: boolean;
}

/** What of a request decides on its session. */
export type SessionAsker = Pick<ForwardRequest, 'principal' | 'session' | 'client'>;

export const noCapabilities = '{}';

/** An extension alone lets nobody be asked; a name that only looks like it costs a little patience. */
const canBeAsked = /"(?:elicitation|sampling|roots)"/;

export function sessionKeyOf(sharing: SessionSharing, asker: SessionAsker): SessionKey {
  const { capabilities } = asker.client;
  const owner = ownerOf(sharing, asker);
  const who = owner === 'everyone' ? [] : [owner.tenant, owner.principal, owner.session ?? ''];
  const text = JSON.stringify([...who, capabilities]);
  return { text, owner, capabilities, interactive: canBeAsked.test(capabilities) };
}

export function ownerOf(
  sharing: SessionSharing,
  { principal, session }: { principal: Pick<Principal, 'tenant' | 'id'>; session?: string | undefined },
): NewsOwner {
  if (sharing === 'shared') return 'everyone';
  const owner = { tenant: principal.tenant, principal: principal.id };
  return sharing === 'client' && session !== undefined ? { ...owner, session } : owner;
}
