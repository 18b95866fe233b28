import { isJsonObject } from '../lib/json/parse-json.js';
import { checkParams, objectParam, textParam } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { governRequest } from './govern-request.js';
import type { RequestMessage } from './message.js';
import { unknownTarget } from './outcome-reply.js';
import type { Reply } from './reply.js';

/** `task` is for servers and clients of 2025-11-25; the protocol says to answer other calls with it as plain ones. */
const known = new Set(['name', 'arguments', '_meta', 'task']);
const longestName = 128;

/** Answers `tools/call`. */
export function callTool(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Reply | Promise<Reply> {
  const name = textParam(request, 'name');
  checkParams(request, known, exchange.era);
  const args = objectParam(request, 'arguments');
  if (name.length === 0 || name.length > longestName) {
    options.recorder.invalid({
      source: exchange.arrival.source ?? exchange.arrival.transport,
      reason: 'invalid_tool_name',
      detail: `a tool name has 1 to ${longestName} characters, found ${name.length}`,
      principal: exchange.principal,
      method: request.method,
    });
    return unknownTarget('tool', name, exchange.era);
  }
  const more = wishOf(request, exchange);
  return governRequest(request, { kind: 'tool', target: name, args, more }, { exchange, options });
}

/** What the client of 2025-11-25 says about the task that it wants. */
function wishOf(
  { document }: RequestMessage,
  { arrival }: Exchange,
): ReadonlyMap<string, string> | undefined {
  if (arrival.revision !== '2025-11-25') return undefined;
  const task = document.member('params', 'task');
  return isJsonObject(task?.value) ? new Map([['task', task.text]]) : undefined;
}
