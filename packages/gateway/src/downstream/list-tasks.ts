import { newId } from '../lib/ids.js';
import { buildCall } from './build-call.js';
import { checkParams } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { RequestMessage } from './message.js';
import { type Reply, resultReply } from './reply.js';
import { checkTasks, openedTask } from './task-method.js';

const known = new Set(['cursor', '_meta']);

/** Each is asked for in a call of its own. */
const mostListed = 32;

/** Answers `tasks/list` of 2025-11-25: the newest tasks that the caller was given, or asked for, since the gateway began. */
export async function listTasks(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Promise<Reply> {
  checkTasks(request, exchange, options);
  checkParams(request, known);
  const { principal, endpoint, era } = exchange;
  const ids = options.tasks?.heldBy({ principal, endpoint, era }).slice(0, mostListed) ?? [];
  const base = buildCall(request, { kind: 'tool', target: '' }, { exchange, options });
  const states: string[] = [];
  for (const taskId of ids) {
    if (base.signal.aborted) break;
    const args = { text: JSON.stringify({ taskId }), value: { taskId } };
    const about = { ...openedTask(taskId, exchange, options), args, method: 'tasks/get' };
    const call = { ...base, ...about, id: newId(), at: options.clock.now() };
    const outcome = await options.govern(call);
    if (outcome.kind !== 'completed') continue;
    const state = about.task.isHeld === true ? options.heldTasks?.stateText(call) : outcome.result.text;
    if (state !== undefined) states.push(state);
  }
  return resultReply(`{"tasks":[${states.join(',')}]}`);
}
