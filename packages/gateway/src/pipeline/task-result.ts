import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { JsonObject, JsonObjectText, JsonValue } from '../model/json.js';
import { Refusal } from '../model/refusal.js';
import type { RemoteError } from '../model/remote-error.js';
import type { Target } from '../model/target.js';
import { relatedTask } from '../model/task.js';
import { longestTaskId, type TaskHandles } from './task-handles.js';

/** What a task's handle must not carry: it comes with `tasks/get`, where it is governed. */
const notInHandles = new Set(['inputRequests', 'requestState', 'result', 'error']);

export interface TaskAnswer {
  readonly call: Call;
  readonly target: Target;
  readonly handles: TaskHandles;
}

/**
 * The result as callers of the gateway get it: instead of the upstream's own task ids, such as this caller alone can use.
 * Throws Refusal for the handle of a task without a usable id.
 */
export function withOwnTaskId(result: JsonObjectText, answer: TaskAnswer): JsonObjectText {
  const { call } = answer;
  if (call.task !== undefined) return shownAs(result, shownIdOf(call));
  if (result.value.resultType === 'task') return newHandle(result, answer);
  return call.more?.has('task') === true && isJsonObject(result.value.task)
    ? newLegacyHandle(result, result.value.task, answer)
    : result;
}

/** An error about a task, under the id by which its caller knows it. */
export function withoutTaskId(error: RemoteError, call: Call): RemoteError {
  const { task } = call;
  if (task === undefined) return error;
  const shown = shownIdOf(call);
  const { data, message } = error;
  const own = { ...error, message: message.replaceAll(task.id, shown) };
  if (data === undefined) return own;
  return { ...own, data: parseJson(data.text.replaceAll(inQuotes(task.id), inQuotes(shown))) };
}

function inQuotes(text: string): string {
  return JSON.stringify(text);
}

function shownAs(result: JsonObjectText, id: string): JsonObjectText {
  const { _meta } = result.value;
  const hasRelation = isJsonObject(_meta) && Object.hasOwn(_meta, relatedTask);
  if (!hasRelation && !Object.hasOwn(result.value, 'taskId')) return result;
  const idText = inQuotes(id);
  return rewritten(result, (name, text) => {
    if (name === 'taskId') return idText;
    return name === '_meta' && hasRelation ? withRelation(text, idText) : text;
  });
}

function withRelation(meta: string, id: string): string {
  return writeObject(
    membersOf(meta).map(([name, text]) => [name, name === relatedTask ? `{"taskId":${id}}` : text] as const),
  );
}

function newHandle(result: JsonObjectText, answer: TaskAnswer): JsonObjectText {
  const id = inQuotes(newId(result.value.taskId, answer));
  return rewritten(result, (name, text) => {
    if (notInHandles.has(name)) return undefined;
    return name === 'taskId' ? id : text;
  });
}

/** The task is a member of its own (2025-11-25). */
function newLegacyHandle(result: JsonObjectText, task: JsonObject, answer: TaskAnswer): JsonObjectText {
  const id = inQuotes(newId(task.taskId, answer));
  return rewritten(result, (name, text) => {
    if (name === '_meta') return withRelation(text, id);
    if (name !== 'task') return text;
    return rewritten({ text, value: task }, (inner, own) => (inner === 'taskId' ? id : own)).text;
  });
}

function newId(taskId: JsonValue | undefined, { call, target, handles }: TaskAnswer): string {
  if (typeof taskId === 'string' && taskId !== '' && taskId.length <= longestTaskId) {
    return handles.close(call, target, taskId);
  }
  const message = `The upstream "${target.upstream}" made a task of the call, but gave it no id that could be used.`;
  throw new Refusal('upstream_unavailable', message, { mayHaveRun: true });
}

function rewritten(
  { text }: JsonObjectText,
  write: (name: string, text: string) => string | undefined,
): JsonObjectText {
  const members = membersOf(text).flatMap(([name, member]): [string, string][] => {
    const own = write(name, member);
    return own === undefined ? [] : [[name, own]];
  });
  const own = writeObject(members);
  return { text: own, value: parseJson(own).value as JsonObject };
}

function shownIdOf({ args }: Call): string {
  const id = args?.value.taskId;
  return typeof id === 'string' ? id : '';
}
