import { newId } from '../lib/ids.js';
import type { Call } from '../model/call.js';
import type { TaskRef } from '../model/task.js';
import type { GovernCall } from '../pipeline/govern-call.js';
import type { TaskHandles } from '../pipeline/task-handles.js';

/** How streams follow tasks. */
export interface TaskNews extends Pick<TaskHandles, 'open'> {
  /** Has the upstream tell of a task; resolves to what takes that back, or to undefined where it does not tell. */
  follow(task: TaskRef, asker: Pick<Call, 'principal' | 'client'>): Promise<(() => void) | undefined>;
}

/** The tasks that one stream follows. */
export interface FollowedTasks {
  readonly ids: ReadonlySet<string>;
  stop(): void;
}

export interface TaskFollowing {
  readonly news: TaskNews;
  readonly govern: GovernCall;
  /** What the calls of the stream have in common. */
  readonly base: Omit<Call, 'id' | 'target' | 'kind' | 'method'>;
}

/** Follows those of the tasks that are the caller's, each governed as a call that asks for it. */
export async function followTasks(ids: readonly string[], following: TaskFollowing): Promise<FollowedTasks> {
  const followed = new Map<string, () => void>();
  if (following.base.client.tasks === true) {
    for (const id of ids) {
      if (following.base.signal.aborted) break;
      const stop = await followOne(id, following);
      if (stop !== undefined) followed.set(id, stop);
    }
  }
  return {
    ids: new Set(followed.keys()),
    stop: () => {
      for (const stop of followed.values()) stop();
    },
  };
}

async function followOne(taskId: string, { news, govern, base }: TaskFollowing) {
  const { principal, endpoint, client } = base;
  const opened = news.open(taskId, { principal, endpoint, era: 'modern' });
  if (typeof opened === 'string') return undefined;
  const args = { text: JSON.stringify({ taskId }), value: { taskId } };
  const outcome = await govern({ ...base, ...opened, id: newId(), method: 'tasks/get', kind: 'tool', args });
  return outcome.kind === 'completed' ? news.follow(opened.task, { principal, client }) : undefined;
}
