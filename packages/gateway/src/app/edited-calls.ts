import { refusedAnswer } from '../approvals/answer.js';
import type { EditCall } from '../control/approval-answer-routes.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { isJsonObject, JsonFault, parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { JsonObjectText } from '../model/json.js';
import { keptText } from '../pipeline/kept-outcome.js';
import { callOfHold } from './call-of-hold.js';
import type { HeldExecutorParts } from './held-executor.js';
import { markEdited } from './mark-edited.js';

export interface EditedCallsParts extends HeldExecutorParts {
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string;
}

const longestArguments = 65_536;

/**
 * Approving with changes: the changed call is a new one, made for the caller through the whole pipeline, and what it
 * returns is what the caller of the held call gets. Whether its own rules let the answer be enough is for the desk to say.
 */
export function createEditedCalls(parts: EditedCallsParts): EditCall {
  return async (id, { args: text, ...answer }) => {
    const { approvals, callerNow, clock } = parts;
    const hold = approvals.find(id);
    if (hold === undefined || hold.tenant !== answer.by.tenant) return refusedAnswer('unknown');
    const args = readArguments(text);
    if (typeof args === 'string') return { kind: 'refused', problem: 'not_editable', message: args };
    if (canonicalJson(args.value) === hold.args) {
      const message = 'These are the arguments that were asked for; approve the call as it is.';
      return { kind: 'refused', problem: 'not_editable', message };
    }
    const { by, channel, note, isFresh } = answer;
    const edited = { hold: id, by, channel, note, isFresh };
    // Before the answer, which a call that cannot be made would use up.
    const { caller, credential, session, admission } = hold;
    const principal = callerNow({ id: caller, credential, admission }, session);
    const isSame = principal?.tenant === hold.tenant;
    const call = isSame ? callOfHold(hold, { principal, at: clock.now(), args, edited }) : undefined;
    if (call === undefined) return { kind: 'refused', problem: 'not_editable', message: callerGone };
    const outcome = await approvals.answer(id, { ...answer, verdict: 'approve', instead: call.id });
    if (outcome.kind === 'taken') void run(parts, outcome.hold, call);
    return outcome;
  };
}

const callerGone =
  'The changed call cannot be made: the credential of its caller, or its session, is not valid any more, or its arguments held a secret.';

/** Never rejects: the approval is used, and whoever waits must hear of an end. */
async function run(parts: EditedCallsParts, hold: Hold, call: Call): Promise<void> {
  const { approvals, govern, log, redact } = parts;
  try {
    const outcome = await govern(call);
    const marked = markEdited(outcome, { hold: hold.id, args: redact(call.args?.text ?? '{}') });
    approvals.keepResult(hold, keptText(marked));
  } catch (cause) {
    // The record of the call says what became of it; a later start ends the hold where there is none.
    log.error({ err: cause, hold: hold.id }, 'the result of a changed call could not be kept');
  }
}

/** What is wrong with them, in a sentence, where something is. */
function readArguments(text: string): JsonObjectText | string {
  if (text.length > longestArguments)
    return `Arguments of more than ${longestArguments} characters are not taken.`;
  try {
    const args = parseJson(text);
    return isJsonObject(args.value) ? (args as JsonObjectText) : 'The arguments must be a JSON object.';
  } catch (cause) {
    if (cause instanceof JsonFault) return `The arguments are no JSON: ${cause.message}`;
    throw cause;
  }
}
