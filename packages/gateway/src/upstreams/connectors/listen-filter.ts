import type { Client } from '../../model/client.js';
import type { ServerFacts } from '../connection.js';
import { subjectsIn } from '../follow-task.js';

/** As whom the gateway listens: for itself, knowing tasks as soon as it asks about any. */
export function listenerFor(members: string): Client {
  return { capabilities: '{}', asker: '', tasks: members.includes('"taskIds":') };
}

/** The members of the params of `subscriptions/listen`; nothing where there is nothing to listen for. */
export function listenMembers({ listChanged }: ServerFacts, subjects: readonly string[]): string | undefined {
  const wanted: string[] = [];
  if (listChanged.tools) wanted.push('"toolsListChanged":true');
  if (listChanged.prompts) wanted.push('"promptsListChanged":true');
  if (listChanged.resources) wanted.push('"resourcesListChanged":true');
  const { uris, taskIds } = subjectsIn(subjects);
  if (uris.length > 0) wanted.push(`"resourceSubscriptions":${JSON.stringify(uris)}`);
  if (taskIds.length > 0) wanted.push(`"taskIds":${JSON.stringify(taskIds)}`);
  return wanted.length === 0 ? undefined : `"notifications":{${wanted.join(',')}}`;
}
