import type { AnsweredQuestion, AskedQuestion } from '../audit/trail.js';
import type { Call } from '../model/call.js';
import type { Ask, ClientAnswer, UnaskedQuestions, UpstreamQuestion } from '../model/client.js';
import type { Decision } from '../model/decision.js';
import type { Target } from '../model/target.js';
import type { House, Snapshot } from './house.js';
import { type JudgedAnswer, judgeAnswer, refusingAnswer } from './question-answer.js';
import { type Presentable, presentable, QuestionFault } from './question-check.js';
import { keepToLimits } from './question-limits.js';
import { refuseStopped } from './stages/refuse-stopped.js';

/** The call that an upstream asks about, and whom its questions are put to. */
export interface Interview {
  readonly call: Call;
  readonly target: Target;
  /** Absent where the client cannot be asked. */
  readonly ask: Ask | undefined;
  readonly snapshot: Snapshot;
  readonly house: House;
}

/** No call needs more questions; one that asks on and on would fill the trail. */
const mostQuestions = 64;

/**
 * What upstreams ask the client of a call, governed: each question is decided by policy under its own method, cleaned of
 * known secrets, and on record before it is put; each answer is on record before the upstream gets it.
 * Invariant: never rejects; whatever goes wrong, the upstream gets a refusing answer.
 */
export class GovernedQuestions implements UnaskedQuestions {
  readonly #interview: Interview;
  #asked = 0;

  constructor(interview: Interview) {
    this.#interview = interview;
  }

  /** Absent where the client cannot be asked. */
  get ask(): Ask | undefined {
    const { ask } = this.#interview;
    return ask && ((question) => this.#next(question).run(ask));
  }

  /** Whether the client may see a question that comes to it in another way; on record like any other. */
  mayShow(question: UpstreamQuestion): Promise<boolean> {
    return this.#next(question).mayShow();
  }

  /** A question that an upstream asks although nobody can be asked: refused, and on record like any other. */
  refused(question: UpstreamQuestion): void {
    void this.#next(question).refuse();
  }

  #next(question: UpstreamQuestion): GovernedQuestion {
    this.#asked += 1;
    return new GovernedQuestion(question, this.#asked, this.#interview);
  }
}

class GovernedQuestion {
  readonly #question: UpstreamQuestion;
  readonly #number: number;
  readonly #interview: Interview;
  #cleaned: Presentable | undefined;
  #decision: Decision | undefined;

  constructor(question: UpstreamQuestion, number: number, interview: Interview) {
    this.#question = question;
    this.#number = number;
    this.#interview = interview;
  }

  async run(ask: Ask): Promise<ClientAnswer> {
    try {
      const cleaned = await this.#approve();
      await this.#record(undefined);
      return await this.#put(cleaned, ask);
    } catch (cause) {
      return this.#refuse(cause);
    }
  }

  async mayShow(): Promise<boolean> {
    try {
      await this.#approve();
      await this.#record(undefined);
      return true;
    } catch (cause) {
      await this.#refuse(cause);
      return false;
    }
  }

  async refuse(): Promise<void> {
    await this.#refuse(new QuestionFault('undeclared', 'The client behind this call cannot be asked that.'));
  }

  /** Rejects with QuestionFault for what is not put. */
  async #approve(): Promise<Presentable> {
    const { call, target, snapshot, house } = this.#interview;
    const { method } = this.#question;
    if (this.#number > mostQuestions) {
      throw new QuestionFault('too_many', `At most ${mostQuestions} questions may be asked in one call.`);
    }
    this.#refuseStopped();
    const cleaned = presentable(this.#question, call.client, house.redactor);
    this.#cleaned = cleaned;
    this.#decision = await snapshot.decide({
      action: 'call',
      method,
      principal: call.principal,
      target,
      args: cleaned.params.value,
      at: house.clock.now(),
      callId: call.id,
    });
    if (this.#decision.effect !== 'allow') {
      const sentence = `The policy of the gateway does not let this server send ${method} to the client.`;
      throw new QuestionFault('denied', sentence, this.#decision.detail);
    }
    const limits = this.#decision.obligations?.limits ?? [];
    keepToLimits(limits, { call, target, params: cleaned.params.value, house });
    return cleaned;
  }

  /** What somebody has stopped meanwhile is told nothing more, and says nothing more. */
  #refuseStopped(): void {
    const { call, target, house } = this.#interview;
    try {
      refuseStopped(call.principal, target, house);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new QuestionFault('denied', 'An operator of the gateway has stopped the call.', detail);
    }
  }

  async #put({ params }: Presentable, ask: Ask): Promise<ClientAnswer> {
    const { call, target, house } = this.#interview;
    const { method } = this.#question;
    const since = house.clock.now();
    const answer = await ask({ ...this.#question, params });
    this.#refuseStopped();
    const judged = judgeAnswer(method, answer);
    await house.trail.answered({
      call,
      target,
      number: this.#number,
      method,
      answer: judged.kind,
      ms: Math.max(0, house.clock.now() - since),
      ...contentOf(judged),
    });
    return judged.answer;
  }

  #record(refused: AskedQuestion['refused']): Promise<void> {
    const { call, target, house } = this.#interview;
    return house.trail.asked({
      call,
      target,
      number: this.#number,
      method: this.#question.method,
      params: this.#cleaned?.kept ?? { text: '{}' },
      origin: this.#cleaned?.origin,
      decision: this.#decision,
      refused,
    });
  }

  async #refuse(cause: unknown): Promise<ClientAnswer> {
    const { call, house } = this.#interview;
    const { method } = this.#question;
    if (!(cause instanceof QuestionFault)) {
      house.log.error({ err: cause, call: call.id, method }, 'a question of an upstream could not be put');
      return refusingAnswer(method, new QuestionFault('failed', 'The gateway could not put the question.'));
    }
    // One record says that there were too many; the rest would only repeat it.
    if (this.#number > mostQuestions + 1) return refusingAnswer(method, cause);
    try {
      await this.#record({ code: cause.code, detail: cause.detail ?? cause.message });
    } catch (fault) {
      house.log.error({ err: fault, call: call.id }, 'a refused question could not be recorded');
    }
    return refusingAnswer(method, cause);
  }
}

/** What is kept of an answer: its result, or the code of its error. */
function contentOf({ kind, answer }: JudgedAnswer): Pick<AnsweredQuestion, 'result' | 'code'> {
  if (answer.kind === 'error') return { code: String(answer.error.code) };
  return kind === 'accept' ? { result: answer.result } : {};
}
