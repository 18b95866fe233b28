import { writeObject } from '../lib/json/members.js';
import { isJsonObject, parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { Permit } from '../model/permit.js';

type Beside = Pick<Call, 'more' | 'meta'>;

/** W3C trace context; baggage is whatever somebody puts in. */
const traceContext = ['traceparent', 'tracestate'];

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
    meta: new Map([...meta].filter(([name]) => traceContext.includes(name))),
  };
}

function wishIn(task: string): string {
  const { value } = parseJson(task);
  const ttl = isJsonObject(value) ? value.ttl : undefined;
  return writeObject(typeof ttl === 'number' ? [['ttl', JSON.stringify(ttl)]] : []);
}
