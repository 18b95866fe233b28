import type { NewsOwner } from '../model/upstream-news.js';
import type { Conversation } from './conversation.js';
import { noCapabilities, ownerOf, type SessionAsker } from './session-key.js';
import type { SessionSharing } from './upstream-spec.js';

/**
 * Who uses the legacy connection that lists for calls of theirs, too: the first caller whose client can do nothing that
 * the server was not told of. From then on it is that caller's session as any other, for as long as it lives.
 */
export class MainClaim {
  readonly #sharing: () => SessionSharing;
  #on: Conversation | undefined;
  #tenant = '';
  #principal = '';
  #session: string | undefined;

  constructor(sharing: () => SessionSharing) {
    this.#sharing = sharing;
  }

  /** Whether the caller has claimed it. Costs every call, so it compares and makes nothing. */
  isOf(conversation: Conversation | undefined, { principal, session, client }: SessionAsker): boolean {
    if (client.capabilities !== noCapabilities) return false;
    const sharing = this.#sharing();
    if (sharing === 'shared') return true;
    return (
      this.#on === conversation &&
      this.#principal === principal.id &&
      this.#tenant === principal.tenant &&
      (sharing === 'principal' || this.#session === session)
    );
  }

  isFree(conversation: Conversation | undefined): boolean {
    return this.#on !== conversation;
  }

  take(conversation: Conversation, { principal, session }: SessionAsker): void {
    this.#on = conversation;
    this.#tenant = principal.tenant;
    this.#principal = principal.id;
    this.#session = session;
  }

  /** The claim holds for the connection that takes the place of the former one. */
  moveTo(conversation: Conversation): void {
    if (this.#on !== undefined) this.#on = conversation;
  }

  /** Whose news come on it. */
  ownerOn(conversation: Conversation | undefined): NewsOwner {
    if (conversation === undefined || conversation.modern || this.isFree(conversation)) return 'everyone';
    const principal = { tenant: this.#tenant, id: this.#principal };
    return ownerOf(this.#sharing(), { principal, session: this.#session });
  }
}
