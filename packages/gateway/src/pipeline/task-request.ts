import { membersOf, writeObject } from '../lib/json/members.js';
import type { JsonObjectText } from '../model/json.js';
import type { TaskRef } from '../model/task.js';
import { type ForwardRequest, UpstreamFailure, type UpstreamReply } from '../model/upstream.js';
import type { TaskInterview } from './task-questions.js';

/** The params of a request about a task with the id by which its upstream knows it. */
export function ownTaskArgs(args: JsonObjectText | undefined, { id }: TaskRef): JsonObjectText {
  const { text = '{}', value = {} } = args ?? {};
  const answers = membersOf(text).filter(([name]) => name === 'inputResponses');
  return {
    text: writeObject([['taskId', JSON.stringify(id)], ...answers]),
    value: { ...value, taskId: id },
  };
}

/** Sends further requests about the task that `get` asks about. What becomes of them shows when it is asked again. */
export function taskTeller(
  get: ForwardRequest,
  send: (request: ForwardRequest) => Promise<UpstreamReply>,
): TaskInterview['tell'] {
  const idText = JSON.stringify(get.args?.value.taskId);
  return async (method, members) => {
    const argumentsText = members === '' ? `{"taskId":${idText}}` : `{"taskId":${idText},${members}}`;
    try {
      await send({ ...get, method, argumentsText });
    } catch (cause) {
      if (!(cause instanceof UpstreamFailure)) throw cause;
    }
  };
}
