/** The name under which both sides say that they know tasks (SEP-2663). */
export const tasksExtension = 'io.modelcontextprotocol/tasks';

/** In `_meta` of a result: which task it is of (2025-11-25). */
export const relatedTask = 'io.modelcontextprotocol/related-task';

/** The methods about a task that a call began. They are governed as calls about the tool of that call. */
export const taskMethods = ['tasks/get', 'tasks/update', 'tasks/cancel', 'tasks/result'] as const;

export type TaskMethod = (typeof taskMethods)[number];

export function isTaskMethod(method: string): method is TaskMethod {
  return method.startsWith('tasks/') && taskMethods.some((one) => one === method);
}

/** A task of an upstream, and the tool that it is a run of. */
export interface TaskRef {
  readonly upstream: string;
  /** The upstream's own name of the tool. */
  readonly tool: string;
  /** The upstream's own id of the task, which no caller sees: whoever has it could use it. */
  readonly id: string;
  /** The task is the gateway's own: a call that waits for a person, held under `id`. The upstream knows nothing of it. */
  readonly isHeld?: boolean;
}
