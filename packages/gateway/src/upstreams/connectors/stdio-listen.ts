import { Cancellation } from '../../lib/cancellation.js';
import type { Clock } from '../../lib/clock.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest, ServerFacts } from '../connection.js';
import { listenerFor, listenMembers } from './listen-filter.js';

const agreeWithinMs = 10_000;
const reopenMs = 5000;

export interface ListenHost {
  readonly clock: Clock;
  /** Sends a request and gives its id with its answer. */
  begin(request: OutgoingRequest): { readonly id: number; readonly reply: Promise<UpstreamReply> };
}

interface Listening {
  readonly id: number;
  readonly stop: Cancellation;
  agreed: () => void;
}

/** The subscription by which a modern server on a pipe tells of changes; a new one takes the place of the former. */
export class StdioListen {
  readonly #host: ListenHost;
  readonly #facts: ServerFacts;
  #uris: readonly string[] = [];
  #current: Listening | undefined;
  #next: Listening | undefined;
  #stopped = false;

  constructor(host: ListenHost, facts: ServerFacts) {
    this.#host = host;
    this.#facts = facts;
  }

  /** Resolves when the server agreed to tell of these resources too. The former subscription ends only then. */
  async follow(uris: readonly string[]): Promise<void> {
    const members = listenMembers(this.#facts, uris);
    if (members === undefined) {
      this.#uris = uris;
      this.#drop(this.#current);
      this.#current = undefined;
      return;
    }
    this.#drop(this.#next);
    const { listening, answered } = this.#open(members);
    this.#next = listening;
    await this.#agreement(listening, answered);
    if (this.#next !== listening) return;
    this.#next = undefined;
    this.#uris = uris;
    this.#drop(this.#current);
    this.#current = listening;
  }

  /** The server acknowledged the subscription with this id. */
  acknowledged(id: number): void {
    if (this.#next?.id === id) this.#next.agreed();
  }

  stop(): void {
    this.#stopped = true;
  }

  #open(members: string): { listening: Listening; answered: Promise<UpstreamReply> } {
    const stop = new Cancellation();
    const request = {
      method: 'subscriptions/listen',
      members,
      timeoutMs: 0,
      signal: stop,
      client: listenerFor(members),
    };
    const { id, reply } = this.#host.begin(request);
    const listening: Listening = { id, stop, agreed: () => undefined };
    reply.then(
      ({ kind }) => this.#ended(listening, kind === 'result'),
      () => undefined,
    );
    return { listening, answered: reply };
  }

  #agreement(listening: Listening, answered: Promise<UpstreamReply>): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = new UpstreamFailure('timeout', 'the server did not agree to tell of changes', true);
      const stopTimer = this.#host.clock.after(agreeWithinMs, () => reject(late));
      listening.agreed = () => {
        stopTimer();
        resolve();
      };
      answered.then((reply) => {
        stopTimer();
        const why = reply.kind === 'error' ? reply.error.message : 'it ended the subscription';
        reject(new UpstreamFailure('unavailable', `the server tells of no changes: ${why}`, true));
      }, reject);
    });
  }

  /** A server may end a subscription in good order; then it is asked for another one. */
  #ended(listening: Listening, mayReopen: boolean): void {
    if (this.#stopped || this.#current !== listening) return;
    this.#current = undefined;
    if (!mayReopen) return;
    this.#host.clock.after(reopenMs, () => {
      if (!this.#stopped && this.#current === undefined) this.follow(this.#uris).catch(() => undefined);
    });
  }

  #drop(listening: Listening | undefined): void {
    listening?.stop.abort();
  }
}
