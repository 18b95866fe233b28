import { decodeUtf8, isJsonObject, JsonFault, parseJson } from '../lib/json/parse-json.js';
import type { EndpointReply } from '../model/endpoint.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Verdict } from './evaluator.js';

/** Longest answer of a service. */
export const mostAnswerBytes = 65_536;

const effects = ['allow', 'ask', 'deny', 'hide', 'abstain'] as const;

/** The JSON of an answer with status 200; throws a sentence for any other. */
export function jsonOf({ status, contentType, body }: EndpointReply): JsonValue {
  if (status !== 200) throw new Error(`answered with status ${status}; expected 200`);
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Error('answered with something other than application/json');
  try {
    return parseJson(decodeUtf8(body)).value;
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    throw new Error('answered with something that is not JSON', { cause });
  }
}

/**
 * A verdict as outside evaluators give it: `{ effect, reason?, detail?, findings? }`, or as in the seed
 * `{ allow, hold?, reason? }`. Throws a sentence for everything else, unknown members included.
 */
export function verdictOf(answer: JsonValue): Verdict {
  if (!isJsonObject(answer)) throw new Error('gave an answer that is no object');
  const spoken = 'effect' in answer ? byEffect(answer) : byFlags(answer);
  const { reason, detail, findings } = answer;
  for (const [name, value] of Object.entries({ reason, detail })) {
    if (value !== undefined && typeof value !== 'string') throw new Error(`gave a ${name} that is no text`);
  }
  if (findings !== undefined && !isJsonObject(findings)) throw new Error('gave findings that are no object');
  return {
    effect: spoken,
    ...(typeof reason === 'string' && { reason }),
    ...(typeof detail === 'string' && { detail }),
    ...(findings !== undefined && { findings }),
  };
}

function byEffect(answer: JsonObject): Verdict['effect'] {
  refuseOthers(answer, ['effect', 'reason', 'detail', 'findings']);
  const effect = effects.find((one) => one === answer.effect);
  if (effect === undefined) throw new Error(`gave an effect that is none of ${effects.join(', ')}`);
  return effect;
}

function byFlags(answer: JsonObject): Verdict['effect'] {
  refuseOthers(answer, ['allow', 'hold', 'reason', 'detail', 'findings']);
  const { allow, hold = false } = answer;
  if (typeof allow !== 'boolean' || typeof hold !== 'boolean') {
    throw new Error('gave neither an effect nor allow and hold as true or false');
  }
  if (hold) return 'ask';
  return allow ? 'allow' : 'deny';
}

function refuseOthers(answer: JsonObject, known: readonly string[]): void {
  const other = Object.keys(answer).find((name) => !known.includes(name));
  if (other !== undefined) throw new Error('gave an answer with members that no verdict has');
}
