import { parseJson } from '../../lib/json/parse-json.js';
import type { Call } from '../../model/call.js';
import type { JsonObject, JsonText } from '../../model/json.js';
import type { Outcome } from '../../model/outcome.js';
import { Refusal } from '../../model/refusal.js';
import type { UpstreamReply } from '../../model/upstream.js';
import type { House, Snapshot } from '../house.js';
import { withOwnTaskId, withoutTaskId } from '../task-result.js';
import type { Located } from './locate-target.js';

interface Answered {
  readonly call: Call;
  readonly located: Located;
  readonly snapshot: Snapshot;
  readonly house: House;
}

/**
 * Stage 7. May this go back? Known secrets are taken out; what cannot be cleaned safely is blocked. URIs that mean
 * another resource at the caller's endpoint are written as they are meant.
 */
export function inspectResult(reply: UpstreamReply, answered: Answered): Outcome {
  const { call, located, snapshot, house } = answered;
  if (reply.kind === 'result') {
    const clean = house.redactor.redact(reply.result.text);
    const origin = { endpoint: call.endpoint, upstream: located.target.upstream };
    const text = house.upstreams.rewriteUris(origin, clean);
    const result =
      text === reply.result.text ? reply.result : { text, value: reparsed(text).value as JsonObject };
    snapshot.history?.learned?.(call.principal, located.target, result.value);
    const own = withOwnTaskId(result, { call, target: located.target, handles: house.tasks });
    return { kind: 'completed', callId: call.id, result: own };
  }
  const { code, message, data } = withoutTaskId(reply.error, call);
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
