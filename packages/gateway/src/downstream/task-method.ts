import { type TaskMethod, tasksExtension } from '../model/task.js';
import type { OpenedHandle } from '../pipeline/task-handles.js';
import { buildCall } from './build-call.js';
import { checkParams, textParam } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { inputResponsesOf } from './input-responses.js';
import type { RequestMessage } from './message.js';
import { replyOf } from './outcome-reply.js';
import { errorCodes, ProtocolFault, wrongParams } from './protocol-fault.js';
import { paramsOf } from './relay-method.js';
import { errorReply, type Reply } from './reply.js';
import { declaresTasks } from './tasks-declared.js';
import { unknownMethod } from './unknown-method.js';

/** The SDK 1.x repeats in each request of a task what it said of it in the call. */
const known = new Set(['taskId', '_meta', 'task']);
const knownOfUpdate = new Set([...known, 'inputResponses']);

/** What answers a request about a task: governed as a call about the tool that the task is a run of. */
export function taskMethod(method: TaskMethod) {
  return async (request: RequestMessage, exchange: Exchange, options: FaceOptions): Promise<Reply> => {
    checkTasks(request, exchange, options);
    const taskId = textParam(request, 'taskId');
    checkParams(request, method === 'tasks/update' ? knownOfUpdate : known);
    if (method === 'tasks/update') inputResponsesOf(request);
    const { target, task } = openedTask(taskId, exchange, options);
    const about = { kind: 'tool', target, args: paramsOf(request), task } as const;
    const call = buildCall(request, about, { exchange, options });
    const outcome = await options.govern(call);
    if (outcome.kind === 'unknown') return unknownTask();
    if (outcome.kind === 'completed' && task.isHeld === true)
      return options.heldTasks?.answer(call) ?? unknownTask();
    // A refusal is no state of a task, so it is told as an error.
    const asked = { method, kind: 'method', target: method } as const;
    return replyOf(outcome, asked, { era: exchange.era, serverInfo: options.serverInfo });
  };
}

const unknown = 'Unknown task';

function unknownTask(): Reply {
  return errorReply({ code: errorCodes.invalidParams, message: unknown });
}

/** Throws ProtocolFault where the client has no tasks, or did not say that it has. */
export function checkTasks(request: RequestMessage, { era, arrival }: Exchange, options: FaceOptions): void {
  const hasThem = era === 'modern' || arrival.revision === '2025-11-25';
  if (options.tasks === undefined || !hasThem) throw unknownMethod(era, request.method);
  if (era === 'legacy' || declaresTasks(request)) return;
  const message = `The request does not declare the extension ${tasksExtension}`;
  const data = JSON.stringify({ requiredCapabilities: { extensions: { [tasksExtension]: {} } } });
  throw new ProtocolFault(errorCodes.missingCapability, message, { data });
}

/** What an id leads to; throws ProtocolFault for one that is not of this caller's tasks here. */
export function openedTask(taskId: string, exchange: Exchange, { tasks }: FaceOptions): OpenedHandle {
  const { principal, endpoint, era } = exchange;
  const handle = tasks?.open(taskId, { principal, endpoint, era }) ?? 'task_forged';
  if (typeof handle === 'string') throw wrongParams(unknown, handle);
  return handle;
}
