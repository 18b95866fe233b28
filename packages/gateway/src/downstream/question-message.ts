import { newId } from '../lib/ids.js';
import { writeObject } from '../lib/json/members.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { ClientAnswer, QuestionMethod, UpstreamQuestion } from '../model/client.js';
import type { JsonObjectText } from '../model/json.js';
import { endToEnd } from './input-requests.js';

/** The JSON-RPC request that puts a question to a legacy client. */
export function questionMessage(id: number, { method, params }: UpstreamQuestion): string {
  return `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${paramsFor(method, params)}}`;
}

export function withdrawalMessage(id: number, reason: string): string {
  const params = JSON.stringify({ requestId: id, reason });
  return `{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`;
}

/** Why a client said nothing, with the code that an upstream is told (outside the range that JSON-RPC reserves). */
export const silences = {
  unheard: { code: 404, sentence: 'The client has no stream open to be asked on' },
  late: { code: 408, sentence: 'The client did not answer in time' },
  withdrawn: { code: 409, sentence: 'The request that the question belongs to has ended' },
  gone: { code: 410, sentence: 'The client has ended its session' },
  crowded: { code: 429, sentence: 'The client has too many questions to answer' },
} as const;

export type Silence = keyof typeof silences;

const cancelled = parseJson('{"action":"cancel"}') as JsonObjectText;

/** What an upstream is told when nobody answers: a form that nobody filled in was cancelled, the rest are errors. */
export function unanswered(method: QuestionMethod, why: Silence): ClientAnswer {
  if (method === 'elicitation/create' && why !== 'crowded') return { kind: 'result', result: cancelled };
  const { code, sentence } = silences[why];
  return { kind: 'error', error: { code, message: sentence } };
}

/** Legacy clients need an id for each page they are asked to open; modern servers give none. */
function paramsFor(method: QuestionMethod, params: JsonObjectText): string {
  const members = endToEnd(params);
  const isPage = method === 'elicitation/create' && params.value.mode === 'url';
  if (isPage && !Object.hasOwn(params.value, 'elicitationId')) {
    members.push(['elicitationId', JSON.stringify(newId())]);
  }
  return writeObject(members);
}
