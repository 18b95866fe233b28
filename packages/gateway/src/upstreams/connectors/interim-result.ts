import { membersOf } from '../../lib/json/members.js';
import { isJsonObject, parseJson } from '../../lib/json/parse-json.js';
import { type QuestionMethod, questionMethods } from '../../model/client.js';
import type { JsonObjectText } from '../../model/json.js';
import type { RemoteError } from '../../model/remote-error.js';
import { tasksExtension } from '../../model/task.js';
import { UpstreamFailure } from '../../model/upstream.js';
import { capabilityMissing } from './hop-faults.js';

const mostQuestionsAtOnce = 16;

/** What a modern server wants before it goes on with a request. */
export interface InterimResult {
  readonly questions: readonly InterimQuestion[];
  /** To be sent back byte for byte; raw JSON text, absent when there was none. */
  readonly stateText: string | undefined;
}

export interface InterimQuestion {
  /** Chosen by the server. */
  readonly key: string;
  readonly method: QuestionMethod;
  readonly params: JsonObjectText;
}

/** Whether a result is something else than the end of its call. */
export function isInterim({ value: { resultType } }: JsonObjectText): boolean {
  return resultType !== undefined && resultType !== 'complete';
}

/** Whether a server refuses a call because it does that only as a task, of which the request did not say that it is known. */
export function isForTasksOnly({ code, data }: RemoteError): boolean {
  if (code !== capabilityMissing || !isJsonObject(data?.value)) return false;
  const { requiredCapabilities } = data.value;
  const extensions = isJsonObject(requiredCapabilities) ? requiredCapabilities.extensions : undefined;
  return isJsonObject(extensions) && Object.hasOwn(extensions, tasksExtension);
}

export function strangeResult({ value: { resultType } }: JsonObjectText): string {
  const found = typeof resultType === 'string' ? JSON.stringify(resultType) : 'no string';
  return `the upstream answered with another resultType than "complete": ${found}`;
}

/** Reads a result of type `input_required`; throws UpstreamFailure for one that cannot be answered. */
export function readInterim({ text, value }: JsonObjectText): InterimResult {
  const members = new Map(membersOf(text));
  const { inputRequests, requestState } = value;
  if (inputRequests !== undefined && !isJsonObject(inputRequests)) throw malformed('no object of questions');
  if (requestState !== undefined && typeof requestState !== 'string')
    throw malformed('a state that is no text');
  const questions = membersOf(members.get('inputRequests') ?? '{}').map(([key, asked]) =>
    readQuestion(key, asked),
  );
  if (questions.length > mostQuestionsAtOnce) throw malformed(`more than ${mostQuestionsAtOnce} questions`);
  if (questions.length === 0 && requestState === undefined) throw malformed('neither a question nor a state');
  return { questions, stateText: members.get('requestState') };
}

function readQuestion(key: string, text: string): InterimQuestion {
  const { value } = parseJson(text);
  if (!isJsonObject(value)) throw malformed('a question that is no object');
  const method = questionMethods.find((one) => one === value.method);
  if (method === undefined) throw malformed('a question of a kind that does not exist');
  const params = value.params ?? {};
  if (!isJsonObject(params)) throw malformed('a question whose params are no object');
  const [, paramsText = '{}'] = membersOf(text).find(([name]) => name === 'params') ?? [];
  return { key, method, params: { text: paramsText, value: params } };
}

function malformed(what: string): UpstreamFailure {
  return new UpstreamFailure('malformed', `the upstream asks for input with ${what}`, true);
}
