import type { Clock } from '../lib/clock.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { ClientAnswer, UpstreamQuestion } from '../model/client.js';
import { idKey, type ResponseMessage } from './message.js';
import {
  questionMessage,
  type Silence,
  silences,
  unanswered,
  withdrawalMessage,
} from './question-message.js';

/** How a client is reached while one request of its own is under way. */
export interface Voice {
  /** Sends a question, or that one is withdrawn; false where nobody would hear it. */
  say(message: string): boolean;
  /** Aborts when the request is answered: what was asked for its sake is asked no more. */
  readonly over: CancelSignal;
}

export interface QuestionLimits {
  /** How long a client may take for an answer. */
  readonly answerMs: number;
  /** How many questions a client may have before it at once. */
  readonly atOnce: number;
}

const defaults: QuestionLimits = { answerMs: 600_000, atOnce: 32 };

/** What one legacy client was asked and has not answered yet, under ids of our own. */
export class OpenQuestions {
  readonly #clock: Clock;
  readonly #limits: QuestionLimits;
  readonly #open = new Map<string, OpenQuestion>();
  #lastId = 0;
  #ended = false;

  constructor(clock: Clock, limits: Partial<QuestionLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...defaults, ...limits };
  }

  /** Resolves to what the client says, or to that it says nothing; never rejects. */
  ask(question: UpstreamQuestion, voice: Voice): Promise<ClientAnswer> {
    const { method, signal } = question;
    const silence = this.#silence(signal.aborted || voice.over.aborted);
    if (silence !== undefined) return Promise.resolve(unanswered(method, silence));
    this.#lastId += 1;
    const id = this.#lastId;
    const key = idKey(id) ?? '';
    return new Promise((resolve) => {
      const open = new OpenQuestion({ id, question, voice }, (answer) => {
        this.#open.delete(key);
        resolve(answer);
      });
      this.#open.set(key, open);
      open.put(this.#clock, this.#limits.answerMs);
    });
  }

  /** False for a response to nothing that is being asked. */
  settle({ id, answer }: ResponseMessage): boolean {
    const open = this.#open.get(id.key);
    open?.settle(answer);
    return open !== undefined;
  }

  /** Nobody answers any more, neither what was asked nor what will be. */
  end(): void {
    this.#ended = true;
    for (const open of this.#open.values()) open.fallSilent('gone');
  }

  #silence(isOver: boolean): Silence | undefined {
    if (this.#ended) return 'gone';
    if (isOver) return 'withdrawn';
    return this.#open.size >= this.#limits.atOnce ? 'crowded' : undefined;
  }
}

interface Asked {
  readonly id: number;
  readonly question: UpstreamQuestion;
  readonly voice: Voice;
}

class OpenQuestion {
  readonly #asked: Asked;
  readonly #answer: (answer: ClientAnswer) => void;
  #stopWaiting = (): void => undefined;
  #settled = false;

  constructor(asked: Asked, answer: (answer: ClientAnswer) => void) {
    this.#asked = asked;
    this.#answer = answer;
  }

  put(clock: Clock, answerMs: number): void {
    const { id, question, voice } = this.#asked;
    const withdraw = (): void => this.fallSilent('withdrawn');
    question.signal.addEventListener('abort', withdraw);
    voice.over.addEventListener('abort', withdraw);
    const cancelTimer = clock.after(answerMs, () => this.fallSilent('late'));
    this.#stopWaiting = () => {
      cancelTimer();
      question.signal.removeEventListener('abort', withdraw);
      voice.over.removeEventListener('abort', withdraw);
    };
    if (!voice.say(questionMessage(id, question))) this.settle(unanswered(question.method, 'unheard'));
  }

  settle(answer: ClientAnswer): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#stopWaiting();
    this.#answer(answer);
  }

  /** Tells the client that no answer is wanted any more. */
  fallSilent(why: Silence): void {
    if (this.#settled) return;
    const { id, question, voice } = this.#asked;
    this.settle(unanswered(question.method, why));
    voice.say(withdrawalMessage(id, silences[why].sentence));
  }
}
