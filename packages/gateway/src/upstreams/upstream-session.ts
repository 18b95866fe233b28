import type { UpstreamFailure } from '../model/upstream.js';
import type { Connection } from './connection.js';
import type { Conversation } from './conversation.js';
import type { ParkableCall } from './parkable-call.js';
import type { SessionKey } from './session-key.js';

/** More than these client sessions are not told apart: then only time ends the upstream session. */
const mostClients = 256;

/** One session with a legacy upstream: a process or an HTTP session that only calls of one key use. */
export class UpstreamSession {
  readonly key: SessionKey;
  /** As soon as there is one, and until it is being closed; kept by the starter. */
  connection: Connection | undefined;
  /** Once it is up. */
  conversation: Conversation | undefined;
  /** Settles when it is up, or rejects with why it is not. */
  readonly ready: Promise<Conversation>;
  /** Calls that use it, those that wait for it to come up included. */
  calls = 0;
  /** Milliseconds since the epoch when it had no calls any more. */
  idleSince: number;
  ended = false;
  /** Its server may still ask about a call that nobody waits for; kept by whoever forwards. */
  spoiled = false;
  /** The call that has it for itself and may have to give it up; kept by whoever forwards it. */
  parkable: ParkableCall | undefined;
  #asker = '';
  readonly #clients = new Set<string>();
  /** It was also used by callers without a client session, of whom nobody tells when they are gone. */
  #others = false;
  #resolve!: (conversation: Conversation) => void;
  #reject!: (failure: UpstreamFailure) => void;

  constructor(key: SessionKey, now: number) {
    this.key = key;
    this.idleSince = now;
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever waits for it hears of it; without anybody that waits it is no fault of the program.
    this.ready.catch(() => undefined);
  }

  /** Whether the client of every call that used it has gone. */
  get abandoned(): boolean {
    return !this.#others && this.#clients.size === 0;
  }

  up(conversation: Conversation): void {
    this.conversation = conversation;
    this.#resolve(conversation);
  }

  failed(failure: UpstreamFailure): void {
    this.#reject(failure);
  }

  /**
   * Invariant: on a session where the server may ask, calls of different askers never overlap, so that no question
   * is put to a client whose call it does not belong to.
   */
  admits(asker: string): boolean {
    return (
      !this.ended && !this.spoiled && (!this.key.interactive || this.calls === 0 || this.#asker === asker)
    );
  }

  /** Without an asker for what the server asks nothing about. */
  enter(asker: string | undefined, client: string | undefined): void {
    if (asker !== undefined) this.#asker = asker;
    this.calls++;
    if (client === undefined || this.#clients.size >= mostClients) this.#others = true;
    else this.#clients.add(client);
  }

  leave(now: number): void {
    this.calls--;
    if (this.calls === 0) this.idleSince = now;
  }

  serves(client: string): boolean {
    return this.#clients.has(client);
  }

  /** A client session is over. */
  forget(client: string, now: number): void {
    if (this.#clients.delete(client) && this.abandoned && this.calls === 0) this.idleSince = now;
  }
}
