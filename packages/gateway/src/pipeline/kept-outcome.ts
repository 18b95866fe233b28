import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import { Refusal, type RefusalCode } from '../model/refusal.js';
import type { RemoteError } from '../model/remote-error.js';

/** In UTF-16 units; a longer result is not kept. */
const longestKept = 1_048_576;

type Kept =
  | { readonly kind: 'completed'; readonly result: string }
  | { readonly kind: 'errored'; readonly code: number; readonly message: string; readonly data?: string }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly message: string;
      readonly mayHaveRun: boolean;
    };

/** The text in which the outcome of a call that the gateway made for its caller is kept. */
export function keptText(outcome: Outcome): string {
  const text = JSON.stringify(keptOf(outcome));
  if (text.length <= longestKept) return text;
  const message = 'The call ran, but its result is longer than the gateway keeps.';
  return JSON.stringify({ kind: 'refused', code: 'result_blocked', message, mayHaveRun: true });
}

/** The outcome as the caller gets it; `callId` is that of the call that collects it. */
export function keptOutcome(text: string, callId: string): Outcome {
  const kept = JSON.parse(text) as Kept;
  switch (kept.kind) {
    case 'completed':
      return { kind: 'completed', callId, result: parseJson(kept.result) as JsonObjectText };
    case 'errored':
      return { kind: 'errored', callId, error: errorOf(kept) };
    case 'refused': {
      const { code, message, mayHaveRun } = kept;
      return { kind: 'refused', callId, refusal: new Refusal(code, message, { mayHaveRun }) };
    }
  }
}

function keptOf(outcome: Outcome): Kept {
  switch (outcome.kind) {
    case 'completed':
      return { kind: 'completed', result: outcome.result.text };
    case 'errored': {
      const { code, message, data } = outcome.error;
      return { kind: 'errored', code, message, ...(data === undefined ? {} : { data: data.text }) };
    }
    case 'refused': {
      const { code, message, mayHaveRun } = outcome.refusal;
      return { kind: 'refused', code, message, mayHaveRun };
    }
    case 'failed':
      return failed(
        `The call failed inside the gateway (reference ${outcome.callId}); it may have run.`,
        true,
      );
    case 'unknown':
    case 'suspended':
      return failed('What was approved is not what this call would do now. The call was not sent.', false);
  }
}

function failed(message: string, mayHaveRun: boolean): Kept {
  return { kind: 'refused', code: 'approval_expired', message, mayHaveRun };
}

function errorOf({ code, message, data }: Extract<Kept, { kind: 'errored' }>): RemoteError {
  return { code, message, ...(data === undefined ? {} : { data: parseJson(data) }) };
}
