import { membersOf } from '../lib/json/members.js';
import { isTaskMethod } from '../model/task.js';
import type { ForwardRequest } from '../model/upstream.js';
import type { OutgoingRequest } from './connection.js';

/** What this hop writes itself, whatever the caller sent. */
const ownMembers = new Set([
  'name',
  'arguments',
  'uri',
  'ref',
  '_meta',
  'inputResponses',
  'requestState',
  'task',
]);

/** The request as it goes to an upstream, under the upstream's own name for the target. */
export function outgoingRequest(request: ForwardRequest, timeoutMs: number): OutgoingRequest {
  return {
    method: request.method,
    members: request.more === undefined ? paramsOf(request) : withMore(request, request.more),
    meta: request.meta,
    task: request.more?.get('task'),
    target: request.target,
    credential: request.credential,
    timeoutMs,
    signal: request.signal,
    args: request.args,
    onProgress: request.onProgress,
    onNotification: request.onNotification,
    ask: request.ask,
    unasked: request.unasked,
    client: request.client,
    principal: request.principal,
  };
}

function paramsOf({ method, target, argumentsText }: ForwardRequest): string {
  if (method === 'completion/complete')
    return joined([`"ref":${refOf(target)}`, inside(argumentsText, 'ref')]);
  if (isTaskMethod(method)) return inside(argumentsText, '_meta');
  switch (target.kind) {
    case 'tool':
    case 'prompt': {
      const name = `"name":${JSON.stringify(target.name)}`;
      return argumentsText === undefined ? name : `${name},"arguments":${argumentsText}`;
    }
    case 'resource':
    case 'template':
      return `"uri":${JSON.stringify(target.name)}`;
    case 'method':
      return inside(argumentsText, '_meta');
  }
}

function refOf({ kind, name }: ForwardRequest['target']): string {
  return kind === 'prompt'
    ? `{"type":"ref/prompt","name":${JSON.stringify(name)}}`
    : `{"type":"ref/resource","uri":${JSON.stringify(name)}}`;
}

/** The members of an object without its braces. */
function inside(objectText: string | undefined, without: string): string {
  if (objectText === undefined) return '';
  return written(membersOf(objectText).filter(([name]) => name !== without && name !== '_meta'));
}

function withMore(request: ForwardRequest, more: ReadonlyMap<string, string>): string {
  return joined([paramsOf(request), written([...more].filter(([name]) => !ownMembers.has(name)))]);
}

function written(members: readonly (readonly [name: string, text: string])[]): string {
  return members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',');
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(',');
}
