import { Cancellation } from '../lib/cancellation.js';
import type { Clock } from '../lib/clock.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { CancelSignal } from '../model/cancel-signal.js';
import type { JsonObject, JsonObjectText } from '../model/json.js';
import { relatedTask } from '../model/task.js';
import { UpstreamFailure, type UpstreamReply } from '../model/upstream.js';
import type { Connection, OutgoingRequest, ServerFacts } from './connection.js';
import { pauseFor, pollPauseMs } from './poll-pause.js';

/** How long a server keeps a result that is fetched at once, on top of the time of its call. */
const fetchMs = 60_000;
/** How long it may take to hear that nobody wants the task any more. */
const farewellMs = 5000;

/** Whether a server makes tasks of calls, as revision 2025-11-25 has them. */
export function takesTasks({ revision, capabilities: { tasks } }: ServerFacts): boolean {
  const requests = isJsonObject(tasks) ? tasks.requests : undefined;
  const tools = isJsonObject(requests) ? requests.tools : undefined;
  return revision === '2025-11-25' && isJsonObject(tools) && isJsonObject(tools.call);
}

/**
 * Sends a request to a server that takes tasks: as a task where the client asks for one and the tool can be one, or
 * where the tool can be nothing else; then the task is awaited here.
 */
export function sendPerhapsAsTask(
  connection: Connection,
  request: OutgoingRequest,
  clock: Clock,
): Promise<UpstreamReply> {
  const support = taskSupportOf(request);
  if (support !== 'required' && support !== 'optional') return connection.request(request);
  if (request.task !== undefined) return connection.request(asTask(request, request.task));
  return support === 'required'
    ? new LegacyTask(connection, request, clock).run()
    : connection.request(request);
}

function taskSupportOf({ method, target }: OutgoingRequest): unknown {
  const execution = method === 'tools/call' ? target?.definition?.value.execution : undefined;
  return isJsonObject(execution) ? execution.taskSupport : undefined;
}

function asTask(request: OutgoingRequest, task: string): OutgoingRequest {
  return { ...request, members: `${request.members},"task":${task}` };
}

/** One call that its tool does as a task only, for a client that sent a plain one. */
class LegacyTask {
  readonly #connection: Connection;
  readonly #call: OutgoingRequest;
  readonly #clock: Clock;
  readonly #deadline: number;

  constructor(connection: Connection, call: OutgoingRequest, clock: Clock) {
    this.#connection = connection;
    this.#call = call;
    this.#clock = clock;
    this.#deadline = clock.now() + call.timeoutMs;
  }

  async run(): Promise<UpstreamReply> {
    const ttl = this.#call.timeoutMs + fetchMs;
    const created = await this.#connection.request(asTask(this.#call, `{"ttl":${ttl}}`));
    const task = created.kind === 'result' ? created.result.value.task : undefined;
    if (!isJsonObject(task) || typeof task.taskId !== 'string') return created;
    const id = `"taskId":${JSON.stringify(task.taskId)}`;
    try {
      return await this.#await(task, id);
    } catch (cause) {
      void this.#tell('tasks/cancel', id).catch(() => undefined);
      throw cause instanceof UpstreamFailure ? new UpstreamFailure(cause.kind, cause.message, true) : cause;
    }
  }

  /** What asks for input is asked for its result at once: the questions come while that is waited for. */
  async #await(task: JsonObject, id: string): Promise<UpstreamReply> {
    const { signal: over = new Cancellation() } = this.#call;
    for (let state = task; ; ) {
      if (state.status === 'cancelled') {
        return { kind: 'error', error: { code: -32603, message: 'The upstream server cancelled the task.' } };
      }
      if (state.status !== 'working') break;
      await this.#pause(state, over);
      const reply = await this.#tell('tasks/get', id, over);
      if (reply.kind === 'error') {
        const message = `the upstream lost the task of the call: ${reply.error.message}`;
        throw new UpstreamFailure('unavailable', message, true);
      }
      state = reply.result.value;
    }
    const timeoutMs = Math.max(1, this.#deadline - this.#clock.now());
    const reply = await this.#connection.request({
      ...this.#call,
      method: 'tasks/result',
      members: id,
      timeoutMs,
    });
    return reply.kind === 'error' ? reply : { kind: 'result', result: withoutRelation(reply.result) };
  }

  async #pause({ pollInterval }: JsonObject, over: CancelSignal): Promise<void> {
    const leftMs = Math.max(0, this.#deadline - this.#clock.now());
    await pauseFor(this.#clock, Math.min(pollPauseMs(pollInterval), leftMs), over);
    if (over.aborted) throw new UpstreamFailure('cancelled', 'the caller cancelled', true);
    if (this.#clock.now() >= this.#deadline) {
      throw new UpstreamFailure('timeout', 'the task of the call did not end in time', true);
    }
  }

  #tell(method: string, members: string, signal?: CancelSignal): Promise<UpstreamReply> {
    const { credential } = this.#call;
    return this.#connection.request({
      method,
      members,
      timeoutMs: farewellMs,
      ...(credential && { credential }),
      ...(signal && { signal }),
    });
  }
}

/** The caller knows of no task. */
function withoutRelation(result: JsonObjectText): JsonObjectText {
  const { _meta } = result.value;
  if (!isJsonObject(_meta) || !Object.hasOwn(_meta, relatedTask)) return result;
  const members = membersOf(result.text).flatMap(([name, text]): [string, string][] => {
    if (name !== '_meta') return [[name, text]];
    const rest = membersOf(text).filter(([inner]) => inner !== relatedTask);
    return rest.length === 0 ? [] : [[name, writeObject(rest)]];
  });
  const text = writeObject(members);
  return { text, value: parseJson(text).value as JsonObject };
}
