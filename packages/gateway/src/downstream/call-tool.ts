import { newId } from '../lib/ids.js';
import { membersOf, writeObject } from '../lib/json/members.js';
import { isJsonObject } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { JsonObjectText } from '../model/json.js';
import { metaOf } from './era.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { RequestMessage } from './message.js';
import { replyOf, unknownTool } from './outcome-reply.js';
import { excerpt, wrongParams } from './protocol-fault.js';
import type { Reply } from './reply.js';

/** `task` asks for something that we do not offer; the protocol says to answer such a call as a plain one. */
const knownParams = new Set(['name', 'arguments', '_meta', 'task']);
const longestToolName = 128;
const envelopePrefix = 'io.modelcontextprotocol/';
const nobodyToAsk = { capabilities: '{}', asker: '' };
const noMeta: ReadonlyMap<string, string> = new Map();

/** Turns the request into a Call, has it governed, and turns the outcome into the reply. */
export async function callTool(
  request: RequestMessage,
  exchange: Exchange,
  options: FaceOptions,
): Promise<Reply> {
  const { name } = request.params;
  if (typeof name !== 'string') throw wrongParams('"name" must be a string');
  checkMembers(request);
  if (name.length === 0 || name.length > longestToolName) {
    options.recorder.invalid({
      source: exchange.arrival.source ?? exchange.arrival.transport,
      reason: 'invalid_tool_name',
      detail: `a tool name has 1 to ${longestToolName} characters, found ${name.length}`,
      principal: exchange.principal,
      method: request.method,
    });
    return unknownTool(name);
  }
  const outcome = await options.govern(buildCall(request, name, { exchange, options }));
  return replyOf(outcome, name, { era: exchange.era, serverInfo: options.serverInfo });
}

interface Surroundings {
  readonly exchange: Exchange;
  readonly options: FaceOptions;
}

function buildCall(request: RequestMessage, target: string, { exchange, options }: Surroundings): Call {
  const args = argumentsOf(request);
  const onProgress = progressRelay(request, exchange);
  return {
    id: newId(),
    at: options.clock.now(),
    method: 'tools/call',
    kind: 'tool',
    client: nobodyToAsk,
    principal: exchange.principal,
    arrival: exchange.arrival,
    endpoint: exchange.endpoint,
    target,
    args,
    meta: endToEndMeta(request),
    signal: exchange.signal(),
    onProgress,
  };
}

/** What is dropped here could mean something to the upstream, so unknown members are refused rather than dropped. */
function checkMembers({ params }: RequestMessage): void {
  for (const name of Object.keys(params)) {
    if (knownParams.has(name)) continue;
    if (name === 'inputResponses' || name === 'requestState') {
      throw wrongParams(`"${name}" answers a question that the gateway did not ask`);
    }
    throw wrongParams(`Unknown member ${JSON.stringify(excerpt(name))} in "params"`);
  }
}

function argumentsOf({ params, document }: RequestMessage): JsonObjectText | undefined {
  if (!Object.hasOwn(params, 'arguments')) return undefined;
  const args = document.member('params', 'arguments');
  if (args === undefined || !isJsonObject(args.value)) throw wrongParams('"arguments" must be an object');
  return { text: args.text, value: args.value };
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
