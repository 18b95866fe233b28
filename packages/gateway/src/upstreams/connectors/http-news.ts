import type { Clock } from '../../lib/clock.js';
import type { AttachedCredential } from '../../model/upstream.js';
import type { ConnectionContext, ServerFacts } from '../connection.js';
import type { ListName } from '../upstream-event.js';
import type { HttpExchange } from './http-exchange.js';
import { addCredential, type HttpSession } from './http-headers.js';
import { HttpListener, type StreamPosition } from './http-listener.js';
import type { HttpMessage } from './http-request-text.js';
import type { Message } from './json-rpc.js';
import { listenMembers } from './listen-filter.js';

/** What the news need of their connection, of which the session may be another one each time. */
export interface NewsPort {
  readonly clock: Clock;
  session(): HttpSession;
  facts(): ServerFacts | undefined;
  credential(): Promise<AttachedCredential>;
  dispatch(message: HttpMessage, exchange: HttpExchange): void;
  /** The body of a `subscriptions/listen` with these members of its params. */
  writeListen(members: string): string;
  hear(message: Message, origin: NewsOrigin): void;
  onUnreachable(reason: string): void;
}

/** With what an answer to a message is sent. */
export interface NewsOrigin {
  readonly session: HttpSession;
  readonly credential: AttachedCredential;
}

const listNames: readonly ListName[] = ['tools', 'prompts', 'resources'];

/** What a server says beside calls: the GET stream of a legacy one, the subscription of a modern one. */
export class HttpNews {
  readonly #port: NewsPort;
  readonly #context: ConnectionContext;
  readonly #listener: HttpListener;
  #credential: AttachedCredential = new Map();

  constructor(port: NewsPort, context: ConnectionContext) {
    this.#port = port;
    this.#context = context;
    this.#listener = new HttpListener({
      clock: port.clock,
      openStream: (exchange, from) => this.#openStream(exchange, from),
      onMessage: (message) => port.hear(message, { session: port.session(), credential: this.#credential }),
      onGap: () => this.#listsMayHaveChanged(),
      onUnreachable: (reason) => port.onUnreachable(reason),
    });
  }

  /** Listens, where the server may have anything to say. */
  begin(): void {
    if (this.#isOffered()) this.#listener.open();
  }

  /** The server was started again: it tells of changes on new streams only, and may have changed. */
  beginAnew(): void {
    if (this.#isOffered()) this.#listener.reopen();
    for (const list of listNames) if (this.#port.facts()?.[list]) this.#context.onListChanged(list);
  }

  /** Resolves when a modern server agreed to tell of these resources, too. */
  follow(uris: readonly string[]): Promise<void> {
    return this.#listener.follow(uris);
  }

  stop(): void {
    this.#listener.stop();
  }

  /** Whether there is something to hear: changes, or what a legacy server asks without saying about which call. */
  #isOffered(): boolean {
    const facts = this.#port.facts();
    if (facts === undefined) return false;
    if (this.#port.session().era === 'modern') return listenMembers(facts, []) !== undefined;
    const changes = listNames.some((list) => facts.listChanged[list]) || facts.subscribe;
    return changes || facts.logging || this.#context.capabilities !== '{}';
  }

  async #openStream(exchange: HttpExchange, { lastEventId, uris }: StreamPosition): Promise<boolean> {
    this.#credential = await this.#port.credential();
    const session = this.#port.session();
    if (session.era === 'modern') return this.#openListen(exchange, uris);
    const headers = session.headers.slice(2);
    if (lastEventId !== undefined) headers.push('last-event-id', lastEventId);
    addCredential(headers, this.#credential);
    this.#port.dispatch({ method: 'GET', headers }, exchange);
    return true;
  }

  #openListen(exchange: HttpExchange, uris: readonly string[]): boolean {
    const facts = this.#port.facts();
    const members = facts === undefined ? undefined : listenMembers(facts, uris);
    if (members === undefined) return false;
    const headers = [...this.#port.session().headers, 'mcp-method', 'subscriptions/listen'];
    addCredential(headers, this.#credential);
    this.#port.dispatch({ method: 'POST', headers, body: this.#port.writeListen(members) }, exchange);
    return true;
  }

  #listsMayHaveChanged(): void {
    const changing = this.#port.facts()?.listChanged;
    for (const list of listNames) if (changing?.[list]) this.#context.onListChanged(list);
  }
}
