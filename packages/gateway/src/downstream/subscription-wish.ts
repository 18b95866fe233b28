import { isJsonObject } from '../lib/json/parse-json.js';
import type { JsonObject } from '../model/json.js';
import { checkParams } from './call-params.js';
import type { RequestMessage } from './message.js';
import { wrongParams } from './protocol-fault.js';

/** What a client wants to hear of on one stream. */
export interface SubscriptionWish {
  /** The names of the members that are `true`, as they came. */
  readonly lists: readonly ListFlag[];
  /** Each once. */
  readonly uris: readonly string[];
  readonly taskIds: readonly string[];
}

export type ListFlag = (typeof listFlags)[number];

const listFlags = ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const;

const known = new Set(['notifications', '_meta']);
const mostUris = 256;
const longestUri = 4096;
const mostTasks = 64;
/** In UTF-16 units: the whole request is kept as long as its stream is open. */
const longestRequest = 262_144;

/** Reads the params of `subscriptions/listen`; throws ProtocolFault. What nobody here knows is not subscribed to. */
export function subscriptionWish(request: RequestMessage): SubscriptionWish {
  checkParams(request, known);
  const { length } = request.document.text;
  if (length > longestRequest) {
    throw wrongParams(`A request for a stream has at most ${longestRequest} characters, found ${length}`);
  }
  const { notifications } = request.params;
  if (!isJsonObject(notifications)) throw wrongParams('"notifications" must be an object');
  const lists = listFlags.filter((flag) => isWanted(notifications, flag));
  return { lists, uris: urisOf(notifications), taskIds: taskIdsOf(notifications) };
}

function isWanted(notifications: JsonObject, flag: ListFlag): boolean {
  const wanted = notifications[flag];
  if (wanted === undefined || typeof wanted === 'boolean') return wanted === true;
  throw wrongParams(`"notifications.${flag}" must be true or false`);
}

function urisOf({ resourceSubscriptions = [] }: JsonObject): string[] {
  if (!Array.isArray(resourceSubscriptions)) {
    throw wrongParams('"notifications.resourceSubscriptions" must be an array of URIs');
  }
  if (resourceSubscriptions.length > mostUris) {
    throw wrongParams(
      `One stream follows at most ${mostUris} resources, found ${resourceSubscriptions.length}`,
    );
  }
  return [...new Set(resourceSubscriptions.map((uri) => uriOf(uri)))];
}

function taskIdsOf({ taskIds = [] }: JsonObject): string[] {
  const isList = Array.isArray(taskIds) && taskIds.every((id) => typeof id === 'string');
  if (isList && taskIds.length <= mostTasks) return [...new Set(taskIds.map(String))];
  throw wrongParams(`"notifications.taskIds" must be an array of at most ${mostTasks} task ids`);
}

function uriOf(uri: unknown): string {
  if (typeof uri === 'string' && uri.length <= longestUri) return uri;
  throw wrongParams(
    `Each of "notifications.resourceSubscriptions" must be a URI of at most ${longestUri} characters`,
  );
}
