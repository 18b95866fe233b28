import { isJsonObject } from '../lib/json/parse-json.js';
import { tasksExtension } from '../model/task.js';
import type { SessionAsker } from './session-key.js';
import { holderOf, type Subscriber, unsubscribe } from './subscribe.js';

/** Sets tasks apart from the URIs of resources, among what a server was asked to tell of. */
const mark = '\u0000task ';

/**
 * Has a modern server tell of a task, if it does that, for as long as somebody wants it. Resolves to what takes it back,
 * and to undefined where the server does not agree.
 */
export async function followTask(
  { subscriptions, conversation }: Subscriber,
  id: string,
  asker: SessionAsker,
): Promise<(() => void) | undefined> {
  const { extensions } = conversation.facts.capabilities;
  const hasTasks = isJsonObject(extensions) && Object.hasOwn(extensions, tasksExtension);
  const subject = mark + id;
  const holder = holderOf(asker);
  if (!conversation.modern || !hasTasks || !subscriptions.add(subject, holder)) return undefined;
  const unfollow = () => unsubscribe({ subscriptions, conversation }, subject, holder);
  try {
    await conversation.follow(subscriptions.uris);
    return unfollow;
  } catch {
    unfollow();
    return undefined;
  }
}

/** What a server was asked to tell of, in its two kinds. */
export function subjectsIn(all: readonly string[]): { uris: string[]; taskIds: string[] } {
  const tasks = all.filter((subject) => subject.startsWith(mark));
  return {
    uris: all.filter((subject) => !subject.startsWith(mark)),
    taskIds: tasks.map((subject) => subject.slice(mark.length)),
  };
}
