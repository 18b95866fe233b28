import { inertText } from '../../lib/inert-text.js';
import { canonicalJson } from '../../lib/json/canonical-json.js';
import type { Call } from '../../model/call.js';
import type { ClientAnswer, UpstreamQuestion } from '../../model/client.js';
import type { Decision } from '../../model/decision.js';
import type { JsonObject } from '../../model/json.js';
import type { WantedConfirmation } from '../../model/obligation.js';
import { Refusal } from '../../model/refusal.js';
import type { House } from '../house.js';
import { judgeAnswer } from '../question-answer.js';
import { checkDeclared, QuestionFault } from '../question-check.js';
import type { Located } from './locate-target.js';

interface Asking {
  readonly call: Call;
  readonly decision: Decision;
  readonly located: Located;
  readonly house: House;
}

/** What of the arguments a form shows, in UTF-16 units; it says how much it leaves out. */
const mostShown = 2000;

/** The gateway's own question has no number among those of the upstream. */
const number = 0;
const method = 'elicitation/create';

/** Whether a rule wants the caller's own user to confirm the call. To ask about a task is no new call. */
export function wantsConfirmation({ obligations }: Decision, { task }: Call): boolean {
  return task === undefined && (obligations?.confirmations?.length ?? 0) > 0;
}

/**
 * Part of stage 4. Does the user at the client want exactly this call? Asked by a form, as an upstream would ask, and on
 * record like that. It approves nothing, for client and agent fill in what they like. Throws a Refusal for every other
 * answer than a clear yes, and where nobody can be asked.
 */
export async function obtainConfirmation(asking: Asking): Promise<void> {
  const { call, decision, located, house } = asking;
  const wanted = decision.obligations?.confirmations ?? [];
  const { ask } = call;
  const question = questionFor(wanted, asking);
  if (ask === undefined || !isDeclared(question, call)) {
    const why = 'The user must confirm this call, and this client cannot ask them. The call was not sent.';
    throw notConfirmed(why, wanted, 'the client takes no forms in this request');
  }
  const about = { call, target: located.target, number, method } as const;
  await house.trail.asked({ ...about, params: question.params, decision });
  const since = house.clock.now();
  const answer = await ask(question);
  const { kind } = judgeAnswer(method, answer);
  await house.trail.answered({ ...about, answer: kind, ms: Math.max(0, house.clock.now() - since) });
  if (kind === 'accept' && saysYes(answer)) return;
  const why = 'The user was asked to confirm this call and did not. The call was not sent.';
  throw notConfirmed(why, wanted, `the answer of the client was ${kind}`);
}

function notConfirmed(message: string, wanted: readonly WantedConfirmation[], detail: string): Refusal {
  return new Refusal('not_confirmed', message, { rule: wanted[0]?.rule, detail });
}

function saysYes(answer: ClientAnswer): boolean {
  if (answer.kind !== 'result') return false;
  const { content } = answer.result.value;
  return typeof content === 'object' && content !== null && 'confirm' in content && content.confirm === true;
}

function isDeclared(question: UpstreamQuestion, { client }: Call): boolean {
  try {
    checkDeclared(question, client);
    return true;
  } catch (cause) {
    if (cause instanceof QuestionFault) return false;
    throw cause;
  }
}

function questionFor(
  wanted: readonly WantedConfirmation[],
  { call, located, house }: Asking,
): UpstreamQuestion {
  const args = house.redactor.redact(canonicalJson(call.args?.value ?? {}));
  const shown = args.length > mostShown ? args.slice(0, mostShown) : args;
  const rest = args.length > mostShown ? ` and ${args.length - mostShown} characters more` : '';
  const reasons = [...new Set(wanted.flatMap(({ reason }) => reason ?? []))].join(' ');
  const params: JsonObject = {
    mode: 'form',
    message:
      `Sallyport: an agent wants to use ${inertText(located.target.exposedName)} with ${inertText(shown)}${rest}. ${reasons}`.trim(),
    requestedSchema: {
      type: 'object',
      properties: { confirm: { type: 'boolean', title: 'Make this call', default: false } },
      required: ['confirm'],
    },
  };
  return { method, params: { text: JSON.stringify(params), value: params }, signal: call.signal };
}
