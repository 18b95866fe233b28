import { parseJson } from '../../lib/json/parse-json.js';
import type { Call } from '../../model/call.js';
import type { JsonObject, JsonText } from '../../model/json.js';
import type { Outcome } from '../../model/outcome.js';
import { Refusal } from '../../model/refusal.js';
import type { UpstreamReply } from '../../model/upstream.js';
import type { House } from '../house.js';

/** Stage 7. May this go back? Known secrets are taken out; what cannot be cleaned safely is blocked. */
export function inspectResult(call: Call, reply: UpstreamReply, house: House): Outcome {
  if (reply.kind === 'result') {
    const text = house.redactor.redact(reply.result.text);
    const result =
      text === reply.result.text ? reply.result : { text, value: reparsed(text).value as JsonObject };
    return { kind: 'completed', callId: call.id, result };
  }
  const { code, message, data } = reply.error;
  const clean = data === undefined ? undefined : house.redactor.redact(data.text);
  return {
    kind: 'errored',
    callId: call.id,
    error: {
      code,
      message: house.redactor.redact(message),
      ...(clean === undefined ? {} : { data: clean === data?.text ? (data as JsonText) : reparsed(clean) }),
    },
  };
}

function reparsed(text: string): JsonText {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new Refusal(
      'result_blocked',
      'The call ran, but its result held a secret of the gateway and was blocked.',
      {
        mayHaveRun: true,
        detail: cause instanceof Error ? cause.message : String(cause),
      },
    );
  }
}
