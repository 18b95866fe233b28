import { Cancellation } from '../lib/cancellation.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import { questionMethods, type UpstreamQuestion } from '../model/client.js';
import type { JsonObject, JsonObjectText } from '../model/json.js';
import type { UpstreamReply } from '../model/upstream.js';
import { refusingAnswer } from './question-answer.js';
import { QuestionFault } from './question-check.js';

/** How the questions of one task are governed, and how its upstream hears of those that are not put. */
export interface TaskInterview {
  /** Decides about a question, and records it. */
  readonly mayShow: (question: UpstreamQuestion) => Promise<boolean>;
  /** Sends a request about the same task; `members` is JSON text of the params besides the task's id. Never rejects. */
  readonly tell: (method: 'tasks/update' | 'tasks/cancel', members: string) => Promise<void>;
}

/** The most questions of one task that a client is shown at a time. */
const mostQuestions = 32;

/**
 * The state of a task, with those of its questions that may be put to the client. For the others the upstream gets a
 * refusing answer; where there is none of that kind, the task is cancelled, for it could only wait.
 */
export async function governTaskQuestions(
  reply: UpstreamReply,
  interview: TaskInterview,
): Promise<UpstreamReply> {
  if (reply.kind === 'error' || !Object.hasOwn(reply.result.value, 'inputRequests')) return reply;
  const [, text = '{}'] = membersOf(reply.result.text).find(([name]) => name === 'inputRequests') ?? [];
  const asked = isJsonObject(reply.result.value.inputRequests) ? membersOf(text) : [];
  const shown: (readonly [key: string, text: string])[] = [];
  const refused: (readonly [key: string, text: string])[] = [];
  let isStuck = false;
  for (const [index, [key, request]] of asked.entries()) {
    const question = readQuestion(key, request);
    const shows = question !== undefined && index < mostQuestions && (await interview.mayShow(question));
    if (shows) {
      shown.push([key, request]);
      continue;
    }
    const answer = question && refusalOf(question);
    if (answer === undefined) isStuck = true;
    else refused.push([key, answer]);
  }
  if (isStuck) await interview.tell('tasks/cancel', '');
  else if (refused.length > 0) {
    await interview.tell('tasks/update', `"inputResponses":${writeObject(refused)}`);
  }
  return shown.length === asked.length && asked.length > 0 ? reply : withQuestions(reply.result, shown);
}

function readQuestion(key: string, text: string): UpstreamQuestion | undefined {
  const { value } = parseJson(text);
  const method = isJsonObject(value) && questionMethods.find((one) => one === value.method);
  if (!isJsonObject(value) || !method) return undefined;
  const params = value.params ?? {};
  if (!isJsonObject(params)) return undefined;
  const [, paramsText = '{}'] = membersOf(text).find(([name]) => name === 'params') ?? [];
  return { key, method, params: { text: paramsText, value: params }, signal: new Cancellation() };
}

/** A denial in the form of a result, where the protocol has one. */
function refusalOf({ method }: UpstreamQuestion): string | undefined {
  const answer = refusingAnswer(method, new QuestionFault('denied', ''));
  return answer.kind === 'result' ? answer.result.text : undefined;
}

function withQuestions(
  { text }: JsonObjectText,
  shown: readonly (readonly [string, string])[],
): UpstreamReply {
  const members = membersOf(text).filter(([name]) => name !== 'inputRequests');
  const own = writeObject([...members, ['inputRequests', writeObject(shown)]]);
  return { kind: 'result', result: { text: own, value: parseJson(own).value as JsonObject } };
}
