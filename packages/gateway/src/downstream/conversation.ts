import type { Clock } from '../lib/clock.js';
import { copiedText } from '../lib/copied-text.js';
import { membersOf } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Revision } from '../model/call.js';
import type { Ask, Client } from '../model/client.js';
import { nobodyToAsk } from './client-profile.js';
import { isFollowed } from './followed-resource.js';
import { isLoudEnough } from './log-level.js';
import type { ResponseMessage } from './message.js';
import { OpenQuestions, type QuestionLimits, type Voice } from './open-questions.js';

const mostFollowed = 1000;
const longestUri = 4096;

/** What is kept of one legacy client between its requests: of an HTTP session, an HTTP+SSE stream, the stdio client. */
export class Conversation {
  readonly #clock: Clock;
  readonly #limits: Partial<QuestionLimits>;
  /** Made when first needed: most sessions are never asked anything and follow nothing. */
  #questions: OpenQuestions | undefined;
  #followed: Set<string> | undefined;
  #client = nobodyToAsk;
  #isAskable = false;
  #revision: Revision | undefined;
  #ended = false;

  constructor(clock: Clock, limits: Partial<QuestionLimits> = {}) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** What the last `initialize` agreed on. */
  get revision(): Revision | undefined {
    return this.#revision;
  }

  get client(): Client {
    return this.#client;
  }

  /** Whether the client declared a capability of that name. */
  has(capability: string): boolean {
    return membersOf(this.#client.capabilities).some(([name]) => name === capability);
  }

  /** URIs of the resources whose changes the client wants to hear of. */
  get followed(): readonly string[] {
    return [...(this.#followed ?? [])];
  }

  begin(revision: Revision, client: Client): void {
    this.#revision = revision;
    this.#client = client;
    this.#isAskable = ['elicitation', 'sampling', 'roots'].some((capability) => this.has(capability));
  }

  setLogLevel(level: string): void {
    this.#client = { ...this.#client, logLevel: level };
  }

  /** False where the client follows as many resources as one may. */
  follow(uri: string): boolean {
    this.#followed ??= new Set();
    if (uri.length > longestUri || this.#ended) return false;
    if (this.#followed.size >= mostFollowed && !this.#followed.has(uri)) return false;
    this.#followed.add(copiedText(uri));
    return true;
  }

  unfollow(uri: string): void {
    this.#followed?.delete(uri);
  }

  /** Whether the client wants to hear this notification, given its params as JSON text. */
  wants(method: string, params: string): boolean {
    if (method === 'notifications/resources/updated') {
      if (this.#followed === undefined || this.#followed.size === 0) return false;
      const { value } = parseJson(params);
      return isJsonObject(value) && typeof value.uri === 'string' && isFollowed(value.uri, this.#followed);
    }
    if (method === 'notifications/elicitation/complete')
      return this.#revision === '2025-11-25' && this.has('elicitation');
    // Those are for streams of modern clients, which name the tasks that they want to hear of.
    if (method === 'notifications/tasks') return false;
    if (method !== 'notifications/message' || this.#client.logLevel === undefined) return true;
    return isLoudEnough(parseJson(params).value, this.#client.logLevel);
  }

  /** Undefined for a client that declared nothing that it could be asked. */
  askThrough(voice: () => Voice): Ask | undefined {
    if (!this.#isAskable) return undefined;
    return (question) => {
      this.#questions ??= this.#newQuestions();
      return this.#questions.ask(question, voice());
    };
  }

  /** False for a response to nothing that is being asked. */
  settle(response: ResponseMessage): boolean {
    return this.#questions?.settle(response) ?? false;
  }

  /** The client is gone: it answers nothing any more. */
  end(): void {
    this.#ended = true;
    this.#questions?.end();
    this.#followed = undefined;
  }

  #newQuestions(): OpenQuestions {
    const questions = new OpenQuestions(this.#clock, this.#limits);
    if (this.#ended) questions.end();
    return questions;
  }
}
