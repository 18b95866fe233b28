import { Cancellation } from '../../lib/cancellation.js';
import type { Clock } from '../../lib/clock.js';
import type { Rostered } from '../../lib/roster.js';
import type { CancelSignal } from '../../model/cancel-signal.js';
import type { JsonObjectText } from '../../model/json.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import { type Answers, inputMembers } from './input-answers.js';
import { type InterimQuestion, type InterimResult, readInterim } from './interim-result.js';
import { type TaskHost, TaskPolls } from './task-polls.js';

const mostRounds = 8;
/** Before a request is repeated that no question was put about: its server is busy, or waits for something itself. */
const pauseMs = 250;

export interface RoundsHost {
  readonly clock: Clock;
  /** Those that wait for their client. */
  readonly requests: RoundsKeeper;
  /** Sends the request of a further round, as one of these rounds. */
  again(request: OutgoingRequest, rounds?: InputRounds): Promise<UpstreamReply>;
}

export interface RoundsKeeper {
  addRounds(rounds: InputRounds): void;
  removeRounds(rounds: InputRounds): void;
}

/**
 * The rounds in which a modern server does one call: it answers with questions, they are put to the client, and the same
 * request goes out again with the answers and the server's own state, byte for byte.
 */
export class InputRounds implements Rostered {
  place = -1;
  readonly #host: RoundsHost;
  #first: OutgoingRequest;
  #endsTasks = false;
  #count = 0;
  #breakOff: (failure: UpstreamFailure) => void = () => undefined;

  constructor(host: RoundsHost, first: OutgoingRequest) {
    this.#host = host;
    this.#first = first;
  }

  /** Goes on after an interim result, with what is left of the call's time: people are not on the clock. */
  async next(result: JsonObjectText, leftMs: number): Promise<UpstreamReply> {
    if (++this.#count > mostRounds) {
      throw new UpstreamFailure(
        'malformed',
        `the upstream asked for input more than ${mostRounds} times`,
        true,
      );
    }
    const interim = readInterim(result);
    const answers = await this.#interlude((over) => this.#answersTo(interim, over));
    if ('error' in answers) return { kind: 'error', error: answers.error };
    const members = [this.#first.members, ...inputMembers(answers.texts, interim.stateText)];
    const request = {
      ...this.#first,
      members: members.filter((one) => one !== '').join(','),
      timeoutMs: Math.max(1, leftMs),
    };
    return this.#host.again(request, this).catch((cause: unknown) => {
      throw asSent(cause);
    });
  }

  /** Whether a task is awaited here, and not the client's to look after. */
  get endsTasks(): boolean {
    return this.#endsTasks || this.#first.client?.tasks !== true;
  }

  /** Waits for the task that the server made of the call, and gives what that comes to. */
  awaitTask(handle: JsonObjectText, leftMs: number): Promise<UpstreamReply> {
    const host: TaskHost = {
      clock: this.#host.clock,
      send: (request) => this.#host.again(request),
      answer: (state, over) => this.#answersTo(readInterim(state), over),
    };
    return this.#interlude((over) => new TaskPolls(host, this.#first, { handle, leftMs }).run(handle, over));
  }

  /** The server did nothing, because it does this only as a task: it is asked again, and its task is awaited. */
  retryAsTask(leftMs: number): Promise<UpstreamReply> {
    const { client } = this.#first;
    const { capabilities = '{}', asker = '', info, logLevel } = client ?? {};
    this.#endsTasks = true;
    this.#first = { ...this.#first, client: { capabilities, asker, info, logLevel, tasks: true } };
    return this.#host.again({ ...this.#first, timeoutMs: Math.max(1, leftMs) }, this);
  }

  /** The connection is over, and with it what anybody could still answer. */
  abort(reason: string): void {
    this.#breakOff(new UpstreamFailure('unavailable', reason, true));
  }

  async #answersTo({ questions }: InterimResult, over: CancelSignal): Promise<Answers> {
    if (questions.length === 0) {
      await new Promise<void>((resolve) => {
        this.#host.clock.after(pauseMs, resolve);
      });
      return { texts: [] };
    }
    const answers = await Promise.all(questions.map((question) => this.#answerTo(question, over)));
    const failed = answers.find((answer) => 'error' in answer);
    return failed ?? { texts: answers.flatMap((answer) => ('texts' in answer ? answer.texts : [])) };
  }

  /** There is no place for an error among the answers; whoever cannot be asked to confirm has not confirmed. */
  async #answerTo({ key, method, params }: InterimQuestion, signal: CancelSignal): Promise<Answers> {
    const { ask, unasked } = this.#first;
    if (ask === undefined) {
      unasked?.refused({ key, method, params, signal });
      throw new UpstreamFailure('malformed', 'the upstream asks for input though nobody can be asked', true);
    }
    const answer = await ask({ key, method, params, signal });
    if (answer.kind === 'result') return { texts: [[key, answer.result.text]] };
    if (method === 'elicitation/create') return { texts: [[key, '{"action":"cancel"}']] };
    return { error: answer.error };
  }

  /** Between two requests the call counts as open. */
  #interlude<Value>(work: (over: CancelSignal) => Promise<Value>): Promise<Value> {
    const { requests } = this.#host;
    requests.addRounds(this);
    return this.#unlessOver(work).finally(() => requests.removeRounds(this));
  }

  /** Ends early, with the questions withdrawn, when the caller cancels or the connection is over. */
  #unlessOver<Value>(work: (over: CancelSignal) => Promise<Value>): Promise<Value> {
    const { signal } = this.#first;
    const over = new Cancellation();
    return new Promise<Value>((resolve, reject) => {
      const breakOff = (failure: UpstreamFailure) => {
        reject(failure);
        over.abort();
      };
      const cancel = () => breakOff(new UpstreamFailure('cancelled', 'the caller cancelled', true));
      this.#breakOff = breakOff;
      signal?.addEventListener('abort', cancel);
      if (signal?.aborted === true) cancel();
      else {
        work(over)
          .then(resolve, reject)
          .finally(() => {
            signal?.removeEventListener('abort', cancel);
            over.abort();
          });
      }
    });
  }
}

/** An earlier round was sent and answered, so something may have been done. */
function asSent(cause: unknown): unknown {
  if (!(cause instanceof UpstreamFailure) || cause.sent) return cause;
  return new UpstreamFailure(cause.kind, cause.message, true);
}
