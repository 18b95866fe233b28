import { newId } from '../lib/ids.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { JsonObjectText } from '../model/json.js';
import type { TargetKind } from '../model/target.js';
import type { TaskRef } from '../model/task.js';
import { metaOf } from './era.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import { isLoudEnough } from './log-level.js';
import type { RequestMessage } from './message.js';
import { wrongParams } from './protocol-fault.js';

/** What a request is about, as its method read it from the params. */
export interface About {
  readonly kind: TargetKind;
  /** As the caller wrote it. */
  readonly target: string;
  readonly args?: JsonObjectText | undefined;
  readonly task?: TaskRef | undefined;
  /** Further members of `params` that go upstream, as raw JSON text by name. */
  readonly more?: ReadonlyMap<string, string> | undefined;
}

/** Where a call comes from and where what is said about it goes. */
export interface Surroundings {
  readonly exchange: Exchange;
  readonly options: Pick<FaceOptions, 'clock'>;
}

const envelopePrefix = 'io.modelcontextprotocol/';
const noMeta: ReadonlyMap<string, string> = new Map();

/** The one way from a request to a governed call, for every method of either era. */
export function buildCall(request: RequestMessage, about: About, { exchange, options }: Surroundings): Call {
  const { kind, target, args, task, more } = about;
  const onProgress = progressRelay(request, exchange);
  const onNotification = notificationRelay(exchange);
  return {
    id: newId(),
    at: options.clock.now(),
    method: request.method,
    kind,
    client: exchange.client,
    principal: exchange.principal,
    arrival: exchange.arrival,
    endpoint: exchange.endpoint,
    target,
    args,
    task,
    more,
    meta: endToEndMeta(request),
    signal: exchange.signal(),
    onProgress,
    onNotification,
    ask: exchange.ask,
  };
}

/** Trace context and vendor keys; the envelope and the progress token belong to this hop. */
function endToEndMeta({ params, document }: RequestMessage): ReadonlyMap<string, string> {
  const meta = metaOf(params);
  if (meta === undefined || !Object.keys(meta).some(isEndToEnd)) return noMeta;
  const text = document.member('params', '_meta')?.text ?? '{}';
  return new Map(membersOf(text).filter(([name]) => isEndToEnd(name)));
}

function isEndToEnd(name: string): boolean {
  return name !== 'progressToken' && !name.startsWith(envelopePrefix);
}

/** Relays progress under the caller's own token, where the caller asked for it and can hear it. */
function progressRelay(request: RequestMessage, exchange: Exchange): Call['onProgress'] {
  const token = metaOf(request.params)?.progressToken;
  if (token === undefined) return undefined;
  if (typeof token !== 'string' && typeof token !== 'bigint' && !Number.isInteger(token)) {
    throw wrongParams('"progressToken" must be a string or an integer');
  }
  if (!exchange.canNotify) return undefined;
  const tokenText = typeof token === 'bigint' ? token.toString() : JSON.stringify(token);
  return (params) => {
    const rest = membersOf(params).filter(([name]) => name !== 'progressToken');
    const own = writeObject([['progressToken', tokenText], ...rest]);
    exchange.notify(`{"jsonrpc":"2.0","method":"notifications/progress","params":${own}}`);
  };
}

/** Log messages of the call, as loud as the caller wants them. A modern caller that names no level wants none. */
function notificationRelay(exchange: Exchange): Call['onNotification'] {
  if (!exchange.canNotify) return undefined;
  if (exchange.era === 'modern' && exchange.client.logLevel === undefined) return undefined;
  return (method, params) => {
    if (method !== 'notifications/message') return;
    // A session may change its level while the call runs.
    const { logLevel } = exchange.conversation?.client ?? exchange.client;
    if (!isLoudEnough(parseJson(params).value, logLevel)) return;
    exchange.notify(`{"jsonrpc":"2.0","method":"notifications/message","params":${params}}`);
  };
}
