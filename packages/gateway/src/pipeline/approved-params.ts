import { writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { Permit } from '../model/permit.js';

type Beside = Pick<Call, 'more' | 'meta'>;

/** W3C trace context in its own form, as JSON text; baggage is whatever somebody puts in. */
const traceContext: ReadonlyMap<string, RegExp> = new Map([
  ['traceparent', /^"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"$/],
  ['tracestate', /^"[^"\\]{0,512}"$/],
]);

/**
 * What goes upstream beside the arguments. With a call that a person said yes to nothing does that the yes was not for:
 * of `_meta` the trace context, for many clients number their calls there, so that a yes bound to the rest would never be
 * used; of the wish for a task its time to live.
 */
export function paramsBeside(call: Beside, { isApproved }: Permit): Beside {
  if (!isApproved) return call;
  const { more, meta } = call;
  const task = more?.get('task');
  return {
    more: task === undefined ? more : new Map([...(more ?? []), ['task', wishIn(task)]]),
    meta: new Map([...meta].filter(([name, text]) => traceContext.get(name)?.test(text) === true)),
  };
}

function wishIn(task: string): string {
  const { value } = parseJson(task);
  const ttl = isJsonObject(value) ? value.ttl : undefined;
  return writeObject(typeof ttl === 'number' ? [['ttl', JSON.stringify(ttl)]] : []);
}
