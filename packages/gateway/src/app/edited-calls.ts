import { refusedAnswer } from '../approvals/answer.js';
import type { EditCall } from '../control/approval-answer-routes.js';
import { newId } from '../lib/ids.js';
import { canonicalJson } from '../lib/json/canonical-json.js';
import { isJsonObject, JsonFault, parseJson } from '../lib/json/parse-json.js';
import type { Hold } from '../model/hold.js';
import type { JsonObjectText } from '../model/json.js';
import type { Principal } from '../model/principal.js';
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
    const { caller, credential, session } = hold;
    const principal = callerNow({ id: caller, credential }, session);
    const callId = newId();
    const outcome = await approvals.answer(id, { ...answer, verdict: 'approve', instead: callId });
    if (outcome.kind === 'refused') return outcome;
    const { by, channel, note, isFresh } = answer;
    const edited = { hold: id, by, channel, note, isFresh };
    void run(parts, { hold: outcome.hold, principal, making: { id: callId, at: clock.now(), args, edited } });
    return outcome;
  };
}

interface Run {
  readonly hold: Hold;
  readonly principal: Principal | undefined;
  readonly making: Omit<Parameters<typeof callOfHold>[1], 'principal'> & { readonly args: JsonObjectText };
}

/** Never rejects: the approval is used, and whoever waits must hear of an end. */
async function run(parts: EditedCallsParts, { hold, principal, making }: Run): Promise<void> {
  const { approvals, govern, log, redact } = parts;
  try {
    const isSame = principal !== undefined && principal.tenant === hold.tenant;
    const call = isSame ? callOfHold(hold, { ...making, principal }) : undefined;
    if (call === undefined) {
      log.warn(
        { hold: hold.id },
        'a changed call was not made: the credential of its caller is not valid any more',
      );
      return;
    }
    const outcome = markEdited(await govern(call), { hold: hold.id, args: redact(making.args.text) });
    approvals.keepResult(hold, keptText(outcome));
  } catch (cause) {
    log.error({ err: cause, hold: hold.id }, 'a changed call could not be made');
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
