import { Cancellation } from '../lib/cancellation.js';
import { randomToken } from '../lib/ids.js';
import type { Call } from '../model/call.js';
import type { ClientAnswer, UpstreamQuestion } from '../model/client.js';
import type { JsonObjectText } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import { checkDeclared, QuestionFault } from '../pipeline/question-check.js';
import type { InputRequest } from './input-requests.js';
import { checkResponse, type InputResponses, isResponseTo } from './input-responses.js';
import { type Silence, unanswered } from './question-message.js';

/** What a request of a modern client comes to: the end of its call, or questions that come first. */
export type ParkedOutcome = Outcome | InputRequired;

export interface InputRequired {
  readonly kind: 'input_required';
  readonly callId: string;
  /** The whole result, as JSON text. */
  readonly result: string;
}

/** Where calls are parked while nobody waits for them. */
export interface Desk {
  /** Gives the call a place for so many UTF-16 units, which it keeps until it leaves; else why there is none. */
  admit(parked: ParkedCall, units: number): Silence | undefined;
  /** The result that puts these questions to the client; from now on the call waits for a retry, or for its time to be over. */
  put(parked: ParkedCall, requests: readonly InputRequest[]): InputRequired;
  leave(parked: ParkedCall): void;
}

/** What a parked call keeps of its first request besides the call. */
export interface FirstRequest {
  /** UTF-16 units of the whole message. */
  readonly units: number;
  /** What the client answers before it is asked. */
  readonly given?: InputResponses | undefined;
}

/** One request of the client, waiting for its answer. */
interface Leg {
  readonly call: Call;
  readonly answer: (outcome: ParkedOutcome) => void;
}

interface OpenQuestion extends InputRequest {
  readonly settle: (answer: ClientAnswer) => void;
}

const nothing: readonly OpenQuestion[] = [];

/** What a server may ask at a time; more would only be asked in vain. */
const mostOpenQuestions = 32;
const longestKey = 128;

/**
 * One governed call of a modern client, over as many requests as it takes: each request that finds questions is answered
 * with them, and its retry brings the answers. Progress and the outcome go to the request that waits at the time.
 */
export class ParkedCall {
  readonly first: Call;
  /** How often the client was asked; a retry names the round it answers. */
  round = 0;
  readonly #desk: Desk;
  readonly #ownUnits: number;
  /** What the client answered before it was asked; each answer counts once. */
  readonly #given: Map<string, JsonObjectText> | undefined;
  readonly #cancellation = new Cancellation();
  readonly #onAbort = () => this.abandon('withdrawn');
  #questions: readonly OpenQuestion[] = nothing;
  #leg: Leg | undefined;
  #gathering = false;
  #id: string | undefined;
  #outcome: Outcome | undefined;
  #over = false;

  constructor(first: Call, desk: Desk, { units, given }: FirstRequest) {
    this.first = first;
    this.#desk = desk;
    this.#ownUnits = units;
    this.#given = given && new Map(given);
  }

  /** Most calls are never asked anything and need none. */
  get id(): string {
    this.#id ??= randomToken(16);
    return this.#id;
  }

  get isWaitedFor(): boolean {
    return this.#leg !== undefined;
  }

  /** Has the call governed. `govern` never rejects. */
  begin(govern: (call: Call) => Promise<Outcome>): Promise<ParkedOutcome> {
    const { first } = this;
    const answered = this.#join(first);
    const call: Call = {
      ...first,
      signal: this.#cancellation,
      ask: (question) => this.#ask(question),
      onProgress: first.onProgress && ((params) => this.#leg?.call.onProgress?.(params)),
      onNotification:
        first.onNotification && ((method, params) => this.#leg?.call.onNotification?.(method, params)),
    };
    void govern(call).then((outcome) => this.#end(outcome));
    return answered;
  }

  /** A retry brings answers: it is the request that waits now. Throws ProtocolFault, and changes nothing, for wrong ones. */
  resume(retry: Call, responses: InputResponses): Promise<ParkedOutcome> {
    const asked = this.#questions;
    for (const { key, question } of asked) {
      const response = responses.get(key);
      if (response !== undefined) checkResponse(question.method, key, response);
    }
    const waiting = this.#join(retry);
    for (const { key, settle } of asked) {
      const response = responses.get(key);
      if (response !== undefined) settle(resultAnswer(response));
    }
    if (this.#outcome !== undefined) this.#end(this.#outcome);
    else if (this.#questions.length > 0) this.#putSoon();
    return waiting;
  }

  /** Nobody wants the call any more: its questions are answered for the client, and it is cancelled. */
  abandon(why: Silence): void {
    if (this.#over) return;
    this.#over = true;
    this.#desk.leave(this);
    this.#giveUp(why);
    this.#cancellation.abort();
  }

  #join(call: Call): Promise<ParkedOutcome> {
    const answered = new Promise<ParkedOutcome>((answer) => {
      this.#leg = { call, answer };
    });
    if (call.signal.aborted) this.#onAbort();
    else call.signal.addEventListener('abort', this.#onAbort);
    return answered;
  }

  #answer(outcome: ParkedOutcome): void {
    const leg = this.#leg;
    this.#leg = undefined;
    leg?.call.signal.removeEventListener('abort', this.#onAbort);
    leg?.answer(outcome);
  }

  #end(outcome: Outcome): void {
    this.#giveUp('withdrawn');
    const isAwaited = this.#leg !== undefined || this.#over;
    if (!isAwaited && this.#desk.admit(this, this.#ownUnits + unitsOf(outcome)) === undefined) {
      this.#outcome = outcome;
      return;
    }
    this.#over = true;
    this.#desk.leave(this);
    this.#answer(outcome);
  }

  #ask(question: UpstreamQuestion): Promise<ClientAnswer> {
    const { method } = question;
    if (this.#over || question.signal.aborted) return Promise.resolve(unanswered(method, 'withdrawn'));
    const given = this.#take(question);
    if (given !== undefined) return Promise.resolve(resultAnswer(given));
    if (this.#questions.length >= mostOpenQuestions) return Promise.resolve(unanswered(method, 'crowded'));
    return new Promise((resolve) => this.#open(question, resolve));
  }

  /** Only a key of the upstream can be known before the question. */
  #take({ key, method }: UpstreamQuestion): JsonObjectText | undefined {
    if (key === undefined) return undefined;
    const given = this.#given?.get(key);
    this.#given?.delete(key);
    return given !== undefined && isResponseTo(method, given) ? given : undefined;
  }

  #open(question: UpstreamQuestion, resolve: (answer: ClientAnswer) => void): void {
    const withdraw = () => open.settle(unanswered(question.method, 'withdrawn'));
    const settle = (answer: ClientAnswer) => {
      this.#questions = this.#questions.filter((other) => other !== open);
      question.signal.removeEventListener('abort', withdraw);
      resolve(answer);
    };
    const open: OpenQuestion = { key: this.#keyFor(question), question, settle };
    this.#questions = [...this.#questions, open];
    question.signal.addEventListener('abort', withdraw);
    const why = this.#leg === undefined ? this.#admit() : undefined;
    if (why === undefined) this.#putSoon();
    else settle(unanswered(question.method, why));
  }

  /** Asks for a place with room for all that is open. */
  #admit(): Silence | undefined {
    const asked = this.#questions.reduce((sum, { question }) => sum + question.params.text.length, 0);
    return this.#desk.admit(this, this.#ownUnits + asked);
  }

  /** Its own key where the upstream gave one, for its clients may know it; else one that says nothing. */
  #keyFor({ key }: UpstreamQuestion): string {
    const isTaken = this.#questions.some((open) => open.key === key);
    return key === undefined || key.length > longestKey || isTaken ? randomToken(12) : key;
  }

  /** What is asked in the same turn is put to the client in one answer. */
  #putSoon(): void {
    if (this.#leg === undefined || this.#gathering) return;
    this.#gathering = true;
    setImmediate(() => {
      this.#gathering = false;
      this.#put();
    });
  }

  #put(): void {
    if (this.#leg === undefined || this.#over) return;
    for (const open of this.#questions) refuseUndeclared(open, this.#leg.call);
    if (this.#questions.length === 0) return;
    const why = this.#admit();
    if (why !== undefined) {
      this.#giveUp(why);
      return;
    }
    this.round += 1;
    this.#answer(this.#desk.put(this, this.#questions));
  }

  #giveUp(why: Silence): void {
    for (const { question, settle } of this.#questions) settle(unanswered(question.method, why));
  }
}

/** The request that would be answered with the question is the one whose capabilities count. */
function refuseUndeclared({ question, settle }: OpenQuestion, { client }: Call): void {
  try {
    checkDeclared(question, client);
  } catch (cause) {
    if (!(cause instanceof QuestionFault)) throw cause;
    settle({ kind: 'error', error: { code: cause.rpcCode, message: cause.message } });
  }
}

function unitsOf(outcome: Outcome): number {
  if (outcome.kind === 'completed') return outcome.result.text.length;
  if (outcome.kind !== 'errored') return 0;
  return outcome.error.message.length + (outcome.error.data?.text.length ?? 0);
}

function resultAnswer(result: JsonObjectText): ClientAnswer {
  return { kind: 'result', result };
}
