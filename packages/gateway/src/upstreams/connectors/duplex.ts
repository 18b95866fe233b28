import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../model/log.js';
import type { UpstreamReply } from '../../model/upstream.js';
import type { ConnectionContext, OutgoingRequest } from '../connection.js';
import { consequenceOf } from './hop-faults.js';
import { InputRounds, type RoundsHost } from './input-rounds.js';
import { type Message, readMessage, salvageId, writeNotification, writeRequest } from './json-rpc.js';
import type { ModernEnvelope } from './modern-envelope.js';
import { OpenRequests } from './open-requests.js';
import { PendingRequest, type RequestEnd, type RequestHost } from './pending-request.js';
import { ServerVoice } from './server-voice.js';

const neverCancelled = new Set(['initialize', 'server/discover']);

/** A channel on which whole messages go both ways. */
export interface DuplexChannel {
  /** Sends a request; notes on it whether it may have left, and fails it when it cannot. */
  sendRequest(pending: PendingRequest, text: string): void;
  /** Sends what has no answer. What is not `needed` may be left out when the server takes too little. */
  tell(text: string, needed: boolean): void;
  /** The server no longer speaks what was negotiated. */
  onObsolete(reason: string): void;
}

export interface DuplexParts {
  readonly id: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly context: ConnectionContext;
  readonly channel: DuplexChannel;
  /** Hears by which request a modern server agreed to tell of changes. */
  readonly onAgreed?: (requestId: number) => void;
}

/** A conversation over one channel, where answers, questions and news come in whatever order they like. */
export class Duplex implements RequestHost<PendingRequest>, RoundsHost {
  readonly requests = new OpenRequests<PendingRequest>();
  /** Present once the server is known to be modern. */
  envelope: ModernEnvelope | undefined;
  /** The negotiation is over. */
  started = false;
  /** Why there is no conversation any more. */
  gone: string | undefined;
  readonly #parts: DuplexParts;
  readonly #voice: ServerVoice;

  constructor(parts: DuplexParts) {
    this.#parts = parts;
    const { clock, log, context, onAgreed } = parts;
    this.#voice = new ServerVoice({ clock, log, context, requests: this.requests, onAgreed });
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  send(request: OutgoingRequest, rounds?: InputRounds): Promise<UpstreamReply> {
    return this.begin(request, this.envelope, rounds).reply;
  }

  begin(
    request: OutgoingRequest,
    envelope: ModernEnvelope | undefined,
    rounds?: InputRounds,
  ): PendingRequest {
    const pending = new PendingRequest(this, request);
    pending.rounds = rounds;
    this.requests.add(pending);
    if (this.gone !== undefined) pending.fail('unavailable', this.gone);
    else if (request.signal?.aborted === true) pending.fail('cancelled', 'the caller cancelled');
    else {
      const text = writeRequest(pending.id, request, envelope?.membersFor(request.client));
      this.#parts.channel.sendRequest(pending, text);
    }
    return pending;
  }

  /** Takes one message; gives a sentence about text that is none. */
  receive(text: string): string | undefined {
    let message: Message;
    try {
      message = readMessage(text);
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      const id = salvageId(text);
      if (id !== undefined) this.requests.find(id)?.fail('malformed', `unreadable answer: ${words}`);
      return words;
    }
    if (message.kind === 'nonsense') return 'not a JSON-RPC message';
    this.#onMessage(message);
    return undefined;
  }

  /** Ends everything that is open; false when it was ended before. `isLost` tells requests of which nothing left. */
  end(reason: string, isLost?: (pending: PendingRequest) => boolean): boolean {
    if (this.gone !== undefined) return false;
    this.gone = reason;
    this.requests.failAll(reason, isLost);
    return true;
  }

  onRequestEnd(pending: PendingRequest, end: RequestEnd): void {
    this.requests.remove(pending);
    this.#voice.callEnded(pending, end);
    const { id, request } = pending;
    if (end === 'settled' || neverCancelled.has(request.method)) return;
    const reason = end === 'timeout' ? 'timeout' : 'cancelled by the caller';
    const params = `{"requestId":${id},"reason":"${reason}"}`;
    this.#tell(writeNotification('notifications/cancelled', params), true);
  }

  roundsOf(pending: PendingRequest): InputRounds | undefined {
    if (this.envelope === undefined) return undefined;
    return pending.rounds ?? new InputRounds(this, pending.request);
  }

  again(request: OutgoingRequest, rounds?: InputRounds): Promise<UpstreamReply> {
    return this.send(request, rounds);
  }

  #onMessage(message: Exclude<Message, { kind: 'nonsense' }>): void {
    if (message.kind === 'response') this.#onResponse(message.id, message.reply);
    else if (message.kind === 'notification') this.#voice.onNotice(message, undefined);
    else this.#voice.onRequest({ message, calls: this.#askable(), answer: this.#answer });
  }

  /**
   * Invariant: a modern server, whose one connection all callers share, puts no request of its own to any of them: it asks
   * in its results.
   */
  #askable(): readonly PendingRequest[] {
    return this.envelope === undefined ? this.requests.candidates() : [];
  }

  readonly #answer = (body: string, awaited: boolean): void => this.#tell(body, awaited);

  #tell(text: string, needed: boolean): void {
    if (this.gone === undefined) this.#parts.channel.tell(text, needed);
  }

  #onResponse(id: number | undefined, reply: UpstreamReply | undefined): void {
    const { log, id: upstream, context, channel } = this.#parts;
    const pending = id === undefined ? undefined : this.requests.find(id);
    if (pending === undefined) {
      log.debug({ upstream, id }, 'upstream answered a request that is not open');
      return;
    }
    if (reply === undefined) {
      pending.fail('malformed', 'the answer is no JSON-RPC 2.0 response with either a result or an error');
      return;
    }
    pending.answer(reply);
    if (!this.started) return;
    const consequence = consequenceOf(reply);
    if (consequence === 'list_again') context.onListChanged('tools');
    else if (consequence === 'negotiate_again')
      channel.onObsolete('it no longer speaks the negotiated revision');
  }
}
