import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { UpstreamQuestion } from '../model/client.js';
import type { JsonObjectText } from '../model/json.js';

/** A question under the key by which the client answers it. */
export interface InputRequest {
  readonly key: string;
  readonly question: UpstreamQuestion;
}

/** The `inputRequests` of a modern result, as JSON text. */
export function inputRequestsText(requests: readonly InputRequest[]): string {
  return writeObject(requests.map(({ key, question }) => [key, embedded(question)] as const));
}

function embedded({ method, params }: UpstreamQuestion): string {
  const text = method === 'elicitation/create' ? elicitation(params) : writeObject(endToEnd(params));
  return `{"method":${JSON.stringify(method)},"params":${text}}`;
}

/** Modern elicitations say which kind they are, and a page has no id: nothing tells when it is done. */
function elicitation(params: JsonObjectText): string {
  const members = endToEnd(params).filter(([name]) => name !== 'elicitationId');
  if (!Object.hasOwn(params.value, 'mode')) members.unshift(['mode', '"form"']);
  return writeObject(members);
}

/** Without what belongs to the hop between the upstream and us: a progress token, the wish for a task. */
export function endToEnd({ text, value }: JsonObjectText): [name: string, text: string][] {
  const members = membersOf(text).filter(([name]) => name !== 'task');
  if (!isJsonObject(value._meta) || !Object.hasOwn(value._meta, 'progressToken')) return members;
  return members.map(([name, member]) => [name, name === '_meta' ? withoutToken(member) : member]);
}

function withoutToken(meta: string): string {
  return writeObject(membersOf(meta).filter(([name]) => name !== 'progressToken'));
}
