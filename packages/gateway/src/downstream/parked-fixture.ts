import { Cancellation } from '../lib/cancellation.js';
import { newId } from '../lib/ids.js';
import type { Call } from '../model/call.js';
import type { ClientAnswer, QuestionMethod, UpstreamQuestion } from '../model/client.js';
import type { JsonObject } from '../model/json.js';
import { agentA, objectText, TurnedClock } from './face-fixture.js';
import { type RequestMessage, readMessage } from './message.js';
import type { ParkedOutcome } from './parked-call.js';
import { ParkedCalls, type ParkingLimits } from './parked-calls.js';
import { ProtocolFault } from './protocol-fault.js';

/** For tests of parked calls: a client's requests, and an upstream that does as it is told. */
export interface Attempt {
  readonly call: Call;
  readonly request: RequestMessage;
  readonly cancellation: Cancellation;
}

const everything = { elicitation: {}, sampling: {}, roots: {} };

export interface Params {
  readonly [name: string]: unknown;
}

/** A modern `tools/call` as the method would hand it over. */
export function attempt(
  params: Params = {},
  more: Partial<Call> = {},
  capabilities: object = everything,
): Attempt {
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': capabilities };
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask', ...params, _meta } };
  const request = readMessage(Buffer.from(JSON.stringify(message))) as RequestMessage;
  const cancellation = new Cancellation();
  const args = request.document.member('params', 'arguments');
  const call: Call = {
    id: newId(),
    at: 0,
    method: 'tools/call',
    principal: agentA,
    arrival: { transport: 'http', revision: '2026-07-28' },
    kind: 'tool',
    target: 'ask',
    args: args && { text: args.text, value: args.value as JsonObject },
    meta: new Map(),
    signal: cancellation,
    client: { capabilities: JSON.stringify(capabilities), asker: newId() },
    ...more,
  };
  return { call, request, cancellation };
}

/** An upstream that runs `work` for each call; the work asks, and its text is the result. */
export type Work = (ask: AskNow, call: Call) => Promise<string>;
export type AskNow = (
  method: QuestionMethod,
  params?: object,
  more?: Partial<UpstreamQuestion>,
) => Promise<ClientAnswer>;

export function parking(work: Work, limits: Partial<ParkingLimits> = {}) {
  const clock = new TurnedClock();
  const governed: Call[] = [];
  const parked = new ParkedCalls({
    clock,
    limits,
    serverInfo: { name: 'sallyport', version: '0' },
    govern: async (call) => {
      governed.push(call);
      const text = await work((method, params = {}, more = {}) => {
        if (call.ask === undefined) throw new Error('nobody can be asked');
        const asked = objectText(JSON.stringify(params));
        return call.ask({ method, params: asked, signal: new Cancellation(), ...more });
      }, call);
      const result = objectText(JSON.stringify({ content: [{ type: 'text', text }] }));
      return { kind: 'completed', callId: call.id, result };
    },
  });
  const run = (tried: Attempt) =>
    parked.run({ ...tried.call, at: clock.now() }, tried.request).then((outcome) => read(outcome));
  return { parked, clock, governed, run };
}

export interface Seen {
  readonly kind: string;
  readonly text?: string;
  readonly requests: Readonly<Record<string, { method: string; params: Record<string, unknown> }>>;
  readonly keys: readonly string[];
  readonly state: string;
}

/** As much of an outcome as tests look at. */
export function read(outcome: ParkedOutcome): Seen {
  if (outcome.kind === 'completed') {
    const [block] = outcome.result.value.content as { text: string }[];
    return { kind: 'completed', text: block?.text ?? '', requests: {}, keys: [], state: '' };
  }
  if (outcome.kind !== 'input_required') return { kind: outcome.kind, requests: {}, keys: [], state: '' };
  const { inputRequests, requestState } = JSON.parse(outcome.result) as {
    inputRequests: Seen['requests'];
    requestState: string;
  };
  return {
    kind: 'input_required',
    requests: inputRequests,
    keys: Object.keys(inputRequests),
    state: requestState,
  };
}

/** What the client said, in a word or two. */
export function said(answer: ClientAnswer): string {
  return answer.kind === 'error' ? `error ${answer.error.code}` : answer.result.text;
}

export const yes = { action: 'accept', content: { ok: true } };

export const asksOnce: Work = async (ask) => said(await ask('elicitation/create', { message: 'Sure?' }));

/** The retry that answers what was seen. */
export function answering(seen: Seen, responses: object, more: object = {}): Attempt {
  return attempt({ inputResponses: responses, requestState: seen.state, ...more });
}

export function keyOf(seen: Seen): string {
  return seen.keys[0] ?? '';
}

export async function faultOf(promise: Promise<unknown>): Promise<ProtocolFault> {
  const cause = await promise.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (cause instanceof ProtocolFault) return cause;
  throw new Error('expected a fault of the protocol');
}
