import { membersOf, writeObject } from '../../lib/json/members.js';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { CancelSignal } from '../../model/cancel-signal.js';
import type { JsonObject, JsonObjectText, JsonText } from '../../model/json.js';
import type { RemoteError } from '../../model/remote-error.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import type { OutgoingRequest } from '../connection.js';
import { pauseFor, pollPauseMs } from '../poll-pause.js';
import { type Answers, inputMembers } from './input-answers.js';

/** What a call that became a task needs of its connection. */
export interface TaskHost {
  readonly clock: Parameters<typeof pauseFor>[0];
  /** Sends a request that is no call of its own. */
  send(request: OutgoingRequest): Promise<UpstreamReply>;
  /** Puts the questions of a state to the client. */
  answer(state: JsonObjectText, over: CancelSignal): Promise<Answers>;
}

/** A task that asks more often would ask for ever. */
const mostUpdates = 32;
/** How long the upstream may take to hear that nobody wants the task any more. */
const farewellMs = 5000;

/**
 * The task that a modern server made of a call whose client knows no tasks: its state is asked for until it is the end
 * of the call. When the call ends before, the task is cancelled.
 */
export class TaskPolls {
  readonly #host: TaskHost;
  readonly #call: OutgoingRequest;
  readonly #id: string;
  /** Answered already, though the server may not have come to it. */
  readonly #answered = new Set<string>();
  #deadline: number;
  #updates = 0;

  /** Throws UpstreamFailure for the handle of no task. */
  constructor(
    host: TaskHost,
    call: OutgoingRequest,
    { handle, leftMs }: { handle: JsonObjectText; leftMs: number },
  ) {
    const { taskId } = handle.value;
    if (typeof taskId !== 'string') throw malformed('made a task without an id');
    this.#host = host;
    this.#call = call;
    this.#id = taskId;
    this.#deadline = host.clock.now() + leftMs;
  }

  /** Resolves to what the call would have been answered with. `over` aborts when nobody waits for it any more. */
  async run(handle: JsonObjectText, over: CancelSignal): Promise<UpstreamReply> {
    try {
      let state = handle;
      for (;;) {
        const end = endOf(state);
        if (end !== undefined) return end;
        const refused = await this.#answerQuestions(state, over);
        if (refused !== undefined) {
          await this.#cancel();
          return { kind: 'error', error: refused };
        }
        state = await this.#next(state, over);
      }
    } catch (cause) {
      void this.#cancel();
      throw cause;
    }
  }

  async #next({ value }: JsonObjectText, over: CancelSignal): Promise<JsonObjectText> {
    const { clock } = this.#host;
    const leftMs = this.#deadline - clock.now();
    await pauseFor(clock, Math.min(pollPauseMs(value.pollIntervalMs), Math.max(0, leftMs)), over);
    if (over.aborted || clock.now() >= this.#deadline) {
      throw new UpstreamFailure('timeout', 'the task of the call did not end in time', true);
    }
    const reply = await this.#ask('tasks/get', '', over);
    if (reply.kind === 'result') return reply.result;
    throw new UpstreamFailure(
      'unavailable',
      `the upstream lost the task of the call: ${reply.error.message}`,
      true,
    );
  }

  /** People are not on the clock of the call. The error is for the caller, where there is no answer. */
  async #answerQuestions(state: JsonObjectText, over: CancelSignal): Promise<RemoteError | undefined> {
    const open = this.#unanswered(state);
    if (open === undefined) return undefined;
    if (++this.#updates > mostUpdates) throw malformed(`asked for input more than ${mostUpdates} times`);
    const { clock } = this.#host;
    const since = clock.now();
    const answers = await this.#host.answer(open, over);
    this.#deadline += clock.now() - since;
    if ('error' in answers) return answers.error;
    for (const [key] of answers.texts) this.#answered.add(key);
    const reply = await this.#ask('tasks/update', inputMembers(answers.texts, undefined).join(','), over);
    if (reply.kind === 'error') throw malformed(`took no answers: ${reply.error.message}`);
    return undefined;
  }

  /** The state with those questions alone that were not answered yet. */
  #unanswered({ text, value }: JsonObjectText): JsonObjectText | undefined {
    if (value.status !== 'input_required' || !isJsonObject(value.inputRequests)) return undefined;
    const [, asked = '{}'] = membersOf(text).find(([name]) => name === 'inputRequests') ?? [];
    const open = membersOf(asked).filter(([key]) => !this.#answered.has(key));
    if (open.length === 0) return undefined;
    const requests: JsonObject = { inputRequests: value.inputRequests };
    return { text: `{"inputRequests":${writeObject(open)}}`, value: requests };
  }

  async #cancel(): Promise<void> {
    const { signal: _signal, ...rest } = this.#request('tasks/cancel', '');
    await this.#host.send({ ...rest, timeoutMs: farewellMs }).catch(() => undefined);
  }

  #ask(method: string, members: string, signal: CancelSignal): Promise<UpstreamReply> {
    const timeoutMs = Math.max(1, this.#deadline - this.#host.clock.now());
    return this.#host
      .send({ ...this.#request(method, members), timeoutMs, signal })
      .catch((cause: unknown) => {
        if (!(cause instanceof UpstreamFailure)) throw cause;
        throw new UpstreamFailure(cause.kind, cause.message, true);
      });
  }

  /** Without a target: it is no call of its own, and what it answers is for nobody but this. */
  #request(method: string, members: string): OutgoingRequest {
    const { target: _target, args: _args, onProgress: _onProgress, ask: _ask, ...rest } = this.#call;
    const id = `"taskId":${JSON.stringify(this.#id)}`;
    const args = { text: `{${id}}`, value: { taskId: this.#id } };
    return { ...rest, method, args, members: members === '' ? id : `${id},${members}` };
  }
}

/** What the call is answered with, when the task has ended. */
function endOf({ text, value }: JsonObjectText): UpstreamReply | undefined {
  const { status, result, error } = value;
  const memberText = (wanted: string) => membersOf(text).find(([name]) => name === wanted)?.[1] ?? '{}';
  switch (status) {
    case 'working':
    case 'input_required':
      return undefined;
    case 'completed':
      if (!isJsonObject(result)) throw malformed('completed a task without a result');
      return { kind: 'result', result: { text: memberText('result'), value: result } };
    case 'failed':
      return { kind: 'error', error: errorOf(error, memberText('error')) };
    case 'cancelled':
      return { kind: 'error', error: { code: -32603, message: 'The upstream server cancelled the task.' } };
    default:
      throw malformed('made a task of a status that does not exist');
  }
}

function errorOf(value: JsonObject[string] | undefined, text: string): RemoteError {
  const { code, message, data } = isJsonObject(value) ? value : {};
  const dataText = membersOf(isJsonObject(value) ? text : '{}').find(([name]) => name === 'data')?.[1];
  return {
    code: typeof code === 'number' && Number.isInteger(code) ? code : -32603,
    message: typeof message === 'string' ? message : 'The task failed.',
    ...(dataText === undefined || data === undefined
      ? {}
      : { data: { text: dataText, value: data } as JsonText }),
  };
}

function malformed(what: string): UpstreamFailure {
  return new UpstreamFailure('malformed', `the upstream ${what}`, true);
}
