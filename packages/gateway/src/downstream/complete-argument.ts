import { writeObject } from '../lib/json/members.js';
import type { JsonObject, JsonObjectText } from '../model/json.js';
import type { About } from './build-call.js';
import { checkParams, objectParam } from './call-params.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { governRequest } from './govern-request.js';
import type { RequestMessage } from './message.js';
import { wrongParams } from './protocol-fault.js';
import type { Reply } from './reply.js';

const known = new Set(['ref', 'argument', 'context', '_meta']);
const promptRef = new Set(['type', 'name', 'title']);
const resourceRef = new Set(['type', 'uri']);

/** Answers `completion/complete`: what may stand in an argument of a prompt, or in a place of a resource template. */
export function completeArgument(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Promise<Reply> {
  checkParams(request, known);
  const about = { ...referenceIn(request), args: argumentsOf(request) };
  return governRequest(request, about, { exchange, options });
}

function referenceIn(request: RequestMessage): Pick<About, 'kind' | 'target'> {
  const ref = objectParam(request, 'ref')?.value;
  if (ref?.type === 'ref/prompt' && typeof ref.name === 'string') {
    checkMembers(ref, promptRef);
    return { kind: 'prompt', target: ref.name };
  }
  if (ref?.type === 'ref/resource' && typeof ref.uri === 'string') {
    checkMembers(ref, resourceRef);
    return { kind: 'template', target: ref.uri };
  }
  throw wrongParams('"ref" must name a prompt ("ref/prompt", "name") or a resource ("ref/resource", "uri")');
}

/** Unknown ones could mean another target to the upstream. */
function checkMembers(ref: JsonObject, names: ReadonlySet<string>): void {
  if (!Object.keys(ref).every((name) => names.has(name))) throw wrongParams('"ref" has an unknown member');
}

/** What policy looks at: the argument with the value typed so far, and the arguments already there. */
function argumentsOf(request: RequestMessage): JsonObjectText {
  const argument = objectParam(request, 'argument');
  const { name, value } = argument?.value ?? {};
  if (argument === undefined || typeof name !== 'string' || typeof value !== 'string') {
    throw wrongParams('"argument" must be an object with the strings "name" and "value"');
  }
  const context = objectParam(request, 'context');
  if (context === undefined) return objectOf({ argument });
  return objectOf({ argument, context });
}

function objectOf(members: Readonly<Record<string, JsonObjectText>>): JsonObjectText {
  const entries = Object.entries(members);
  return {
    text: writeObject(entries.map(([name, { text }]) => [name, text])),
    value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
  };
}
