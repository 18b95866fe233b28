import { Cancellation } from '../lib/cancellation.js';
import { newId } from '../lib/ids.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { Hold } from '../model/hold.js';
import type { JsonObjectText } from '../model/json.js';

export interface Making extends Pick<Call, 'principal' | 'at' | 'carries' | 'edited'> {
  readonly id?: string;
  /** Instead of the arguments of the hold. */
  readonly args?: JsonObjectText;
}

const noMeta: ReadonlyMap<string, string> = new Map();

/** The call of a hold, made by the gateway for its caller; undefined where the hold has not what is needed for that. */
export function callOfHold({ method, request }: Hold, making: Making): Call | undefined {
  if (request === undefined) return undefined;
  const { endpoint, kind, target, args, more, revision } = request;
  return {
    id: newId(),
    args: args === undefined ? undefined : (parseJson(args) as JsonObjectText),
    ...making,
    method,
    arrival: { transport: 'rest', revision },
    endpoint,
    kind,
    target,
    more: more === undefined ? undefined : new Map(more),
    meta: noMeta,
    signal: new Cancellation(),
    client: { capabilities: '{}', asker: newId() },
  };
}
