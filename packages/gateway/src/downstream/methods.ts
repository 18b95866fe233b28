import type { Era } from '../model/revisions.js';
import { callTool } from './call-tool.js';
import { completeArgument } from './complete-argument.js';
import { discover } from './discover.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { getPrompt } from './get-prompt.js';
import { initialize } from './initialize.js';
import { listMethod } from './list-method.js';
import { listTasks } from './list-tasks.js';
import { listen } from './listen.js';
import type { RequestMessage } from './message.js';
import { readResource } from './read-resource.js';
import { relayMethod } from './relay-method.js';
import { type Reply, resultReply } from './reply.js';
import { setLogLevel } from './set-log-level.js';
import { subscribeResource, unsubscribeResource } from './subscribe-resource.js';
import { taskMethod } from './task-method.js';

/** Answers one request; throws or rejects with ProtocolFault where its parameters are wrong. */
export type Method = (
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
) => Reply | Promise<Reply>;

const inBothEras: readonly (readonly [string, Method])[] = [
  ['tools/list', listMethod('tools')],
  ['tools/call', callTool],
  ['prompts/list', listMethod('prompts')],
  ['prompts/get', getPrompt],
  ['resources/list', listMethod('resources')],
  ['resources/templates/list', listMethod('templates')],
  ['resources/read', readResource],
  ['completion/complete', completeArgument],
];

/** All of the protocol that a client may ask, by era. */
const methods: Record<Era, ReadonlyMap<string, Method>> = {
  legacy: new Map<string, Method>([
    ...inBothEras,
    ['initialize', initialize],
    ['ping', () => resultReply('{}')],
    ['resources/subscribe', subscribeResource],
    ['resources/unsubscribe', unsubscribeResource],
    ['logging/setLevel', setLogLevel],
    ['tasks/get', taskMethod('tasks/get')],
    ['tasks/result', taskMethod('tasks/result')],
    ['tasks/cancel', taskMethod('tasks/cancel')],
    ['tasks/list', listTasks],
  ]),
  modern: new Map<string, Method>([
    ...inBothEras,
    ['server/discover', discover],
    ['subscriptions/listen', listen],
    ['tasks/get', taskMethod('tasks/get')],
    ['tasks/update', taskMethod('tasks/update')],
    ['tasks/cancel', taskMethod('tasks/cancel')],
  ]),
};

/** Whatever the protocol does not have goes the way of extensions, which ends in the "method not found" of the era. */
export function methodOf(era: Era, name: string): Method {
  return methods[era].get(name) ?? relayMethod;
}

/** Whether a message of this name must be a request: as a notification it is dropped and recorded. */
export function isRequestMethod(name: string): boolean {
  return !name.startsWith('notifications/');
}
