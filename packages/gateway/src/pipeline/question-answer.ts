import type { ClientAnswer, QuestionMethod } from '../model/client.js';
import type { JsonObject } from '../model/json.js';
import type { QuestionFault } from './question-check.js';

/** What the record says of an answer. */
export type AnswerKind = 'accept' | 'decline' | 'cancel' | 'error';

export interface JudgedAnswer {
  readonly kind: AnswerKind;
  readonly answer: ClientAnswer;
}

/** Results of clients are relayed as they came, up to this many UTF-16 units. */
const mostAnswerUnits = 4_194_304;

const kinds: readonly unknown[] = ['accept', 'decline', 'cancel'];

/** The answer as the upstream gets it: what is too large, or no answer to such a question, becomes an error. */
export function judgeAnswer(method: QuestionMethod, answer: ClientAnswer): JudgedAnswer {
  if (answer.kind === 'error') return { kind: 'error', answer };
  const { text, value } = answer.result;
  if (text.length > mostAnswerUnits) return noAnswer('The answer of the client is too large.');
  if (method !== 'elicitation/create') return { kind: 'accept', answer };
  if (!kinds.includes(value.action)) return noAnswer('The answer of the client has no action.');
  return { kind: value.action as AnswerKind, answer };
}

/**
 * What the upstream hears instead of an answer. A no of policy is told in the form that lets it end well: as a person who
 * declines, as a client without roots, as a person who rejects the sampling. Everything else is an error.
 */
export function refusingAnswer(method: QuestionMethod, fault: QuestionFault): ClientAnswer {
  if (fault.code !== 'denied') return errorAnswer(fault.rpcCode, fault.message);
  if (method === 'elicitation/create') return resultAnswer({ action: 'decline' });
  if (method === 'roots/list') return resultAnswer({ roots: [] });
  return errorAnswer(userRejected, fault.message);
}

/** The code that the protocol shows for a sampling request which the user rejects. */
const userRejected = -1;
const internal = -32603;

function noAnswer(message: string): JudgedAnswer {
  return { kind: 'error', answer: errorAnswer(internal, message) };
}

function errorAnswer(code: number, message: string): ClientAnswer {
  return { kind: 'error', error: { code, message } };
}

function resultAnswer(value: JsonObject): ClientAnswer {
  return { kind: 'result', result: { text: JSON.stringify(value), value } };
}
