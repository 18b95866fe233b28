import type { Clock } from '../lib/clock.js';
import type { Client } from '../model/client.js';
import type { Log } from '../model/log.js';
import { modernRevision } from '../model/revisions.js';
import type { UpstreamReply } from '../model/upstream.js';
import type { Connection, OutgoingRequest, ServerFacts } from './connection.js';
import { sendPerhapsAsTask, takesTasks } from './legacy-task.js';

const ownTimeoutMs = 10_000;

export interface ConversationDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: (text: string) => string;
}

/** A connection that is up, and what a legacy server was told on it that holds for all that follows. */
export class Conversation {
  readonly connection: Connection;
  readonly facts: ServerFacts;
  readonly modern: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  lastCallAt: number | undefined;
  readonly #deps: ConversationDeps;
  readonly #takesTasks: boolean;
  #following: Promise<void> = Promise.resolve();
  #logLevel: string | undefined;

  constructor(connection: Connection, facts: ServerFacts, deps: ConversationDeps) {
    this.connection = connection;
    this.facts = facts;
    this.modern = facts.revision === modernRevision;
    this.#takesTasks = takesTasks(facts);
    this.#deps = deps;
    this.startedAt = deps.clock.now();
  }

  send(request: OutgoingRequest): Promise<UpstreamReply> {
    this.lastCallAt = this.#deps.clock.now();
    const level = this.#levelToSet(request.client);
    if (level === undefined) return this.#transmit(request);
    return this.#setLevel(level).then(() => this.#transmit(request));
  }

  /** Has a modern server tell of these resources and of no others: one change after the other, as it agrees to each. */
  follow(uris: readonly string[]): Promise<void> {
    const turn = this.#following.then(() => this.connection.follow(uris));
    this.#following = turn.catch(() => undefined);
    return turn;
  }

  /** Asks the server to tell of these resources; one that refuses is not asked again. */
  resubscribe(uris: readonly string[]): void {
    if (this.modern) {
      this.follow(uris).catch((cause: unknown) => this.#note('resources/subscribe', cause));
      return;
    }
    for (const uri of uris) void this.#tell('resources/subscribe', `"uri":${JSON.stringify(uri)}`);
  }

  unsubscribe(uri: string): void {
    void this.#tell('resources/unsubscribe', `"uri":${JSON.stringify(uri)}`);
  }

  /** What was said is forgotten: the server has a new session. */
  forget(): void {
    this.#logLevel = undefined;
  }

  #transmit(request: OutgoingRequest): Promise<UpstreamReply> {
    if (!this.#takesTasks) return this.connection.request(request);
    return sendPerhapsAsTask(this.connection, request, this.#deps.clock);
  }

  #levelToSet(client: Client | undefined): string | undefined {
    const level = client?.logLevel;
    return level === undefined || level === this.#logLevel || this.modern || !this.facts.logging
      ? undefined
      : level;
  }

  /** The call waits for it, because what the call says would be lost. */
  #setLevel(level: string): Promise<void> {
    this.#logLevel = level;
    return this.#tell('logging/setLevel', `"level":${JSON.stringify(level)}`);
  }

  async #tell(method: string, members: string): Promise<void> {
    try {
      const reply = await this.connection.request({ method, members, timeoutMs: ownTimeoutMs });
      if (reply.kind === 'error') this.#note(method, reply.error.message);
    } catch (cause) {
      this.#note(method, cause);
    }
  }

  #note(method: string, cause: unknown): void {
    const { log, redact } = this.#deps;
    log.debug({ method, cause: redact(String(cause)) }, 'the upstream did not take it');
  }
}
