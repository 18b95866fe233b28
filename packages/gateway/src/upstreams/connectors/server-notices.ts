import { membersOf, writeObject } from '../../lib/json/members.js';
import { isJsonObject } from '../../lib/json/parse-json.js';
import type { JsonText } from '../../model/json.js';
import { newsMethods } from '../../model/upstream-news.js';
import type { ConnectionContext } from '../connection.js';
import type { ListName } from '../upstream-event.js';
import type { Notice } from './json-rpc.js';
import type { PendingRequest } from './pending-request.js';

const subscription = 'io.modelcontextprotocol/subscriptionId';

const changedLists: ReadonlyMap<string, ListName> = new Map([
  ['notifications/tools/list_changed', 'tools'],
  ['notifications/prompts/list_changed', 'prompts'],
  ['notifications/resources/list_changed', 'resources'],
]);

/** Hands on what a server says; `call` is the one that it says it about, as far as can be known. Unknown news are none. */
export function routeNotice(
  { method, params }: Notice,
  call: PendingRequest | undefined,
  context: Pick<ConnectionContext, 'onListChanged' | 'onNews'>,
): void {
  const list = changedLists.get(method);
  if (list !== undefined) {
    context.onListChanged(list);
    return;
  }
  if (!newsMethods.some((one) => one === method)) return;
  if (params !== undefined && !isJsonObject(params.value)) return;
  const text = params === undefined ? '{}' : withoutHop(params);
  const isLog = method === 'notifications/message';
  if (isLog && call?.request.onNotification !== undefined && !call.ended) {
    call.request.onNotification(method, text);
  } else context.onNews(method, text);
}

/** Which subscription it came by concerns this hop alone. */
function withoutHop({ text, value }: JsonText): string {
  if (!isJsonObject(value) || !isJsonObject(value._meta) || !Object.hasOwn(value._meta, subscription)) {
    return text;
  }
  const members = membersOf(text).flatMap(([name, member]): [string, string][] => {
    if (name !== '_meta') return [[name, member]];
    const rest = membersOf(member).filter(([inner]) => inner !== subscription);
    return rest.length === 0 ? [] : [[name, writeObject(rest)]];
  });
  return writeObject(members);
}
