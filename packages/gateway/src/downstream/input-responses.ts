import { membersOf } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { QuestionMethod } from '../model/client.js';
import type { JsonObjectText, JsonValue } from '../model/json.js';
import type { RequestMessage } from './message.js';
import { excerpt, wrongParams } from './protocol-fault.js';

/** What a modern client answers in a request, by the keys of the questions. */
export type InputResponses = ReadonlyMap<string, JsonObjectText>;

const none: InputResponses = new Map();

/** More than a client can be asked in one round, with room for answers that nobody wants any more. */
const mostResponses = 128;

/** Reads `params.inputResponses`; throws ProtocolFault unless it is an object of objects. */
export function inputResponsesOf({ document }: RequestMessage): InputResponses {
  const given = document.member('params', 'inputResponses');
  if (given === undefined) return none;
  const { text, value } = given;
  if (!isJsonObject(value)) throw wrongParams('"inputResponses" must be an object', reason);
  const members = membersOf(text);
  if (members.length > mostResponses) {
    throw wrongParams(
      `"inputResponses" has ${members.length} members, at most ${mostResponses} are taken`,
      reason,
    );
  }
  return new Map(members.map(([key, answer]) => [key, responseOf(key, answer, value[key])]));
}

function responseOf(key: string, text: string, value: JsonValue | undefined): JsonObjectText {
  if (isJsonObject(value)) return { text, value };
  throw wrongParams(`The answer ${quote(key)} in "inputResponses" must be an object`, reason);
}

/** Throws ProtocolFault for an object that is no answer to a question of this kind. */
export function checkResponse(method: QuestionMethod, key: string, response: JsonObjectText): void {
  if (isResponseTo(method, response)) return;
  throw wrongParams(`The answer ${quote(key)} in "inputResponses" must have ${shapes[method]}`, reason);
}

export function isResponseTo(method: QuestionMethod, { value }: JsonObjectText): boolean {
  const { action, content, role, roots } = value;
  switch (method) {
    case 'elicitation/create':
      return isAction(action) && (content === undefined || isJsonObject(content));
    case 'sampling/createMessage':
      return typeof role === 'string' && (isJsonObject(content) || Array.isArray(content));
    case 'roots/list':
      return Array.isArray(roots) && roots.every(isRoot);
  }
}

const shapes: Readonly<Record<QuestionMethod, string>> = {
  'elicitation/create': 'an "action" of accept, decline or cancel, and a "content" only as an object',
  'sampling/createMessage': 'a "role" and a "content"',
  'roots/list': 'an array "roots" of objects with a "uri"',
};

const reason = 'invalid_input_responses';

function isAction(action: JsonValue | undefined): boolean {
  return action === 'accept' || action === 'decline' || action === 'cancel';
}

function isRoot(root: JsonValue): boolean {
  return isJsonObject(root) && typeof root.uri === 'string';
}

function quote(key: string): string {
  return JSON.stringify(excerpt(key));
}
