import type { Call } from '../model/call.js';
import { type About, buildCall } from './build-call.js';
import type { Exchange } from './exchange.js';
import type { FaceOptions } from './face-options.js';
import type { HeldOutcome, HeldReturn } from './held-calls.js';
import type { RequestMessage } from './message.js';
import { replyOf } from './outcome-reply.js';
import { type Reply, resultReply } from './reply.js';

/** Where a request came in, and what its face works with. */
export interface Reception {
  readonly exchange: Exchange;
  readonly options: FaceOptions;
}

/** Answers to these may be questions, of servers to modern clients. */
const askingMethods: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Makes the request a call, has it governed, and turns the outcome into the reply. */
export async function governRequest(
  request: RequestMessage,
  about: About,
  { exchange, options }: Reception,
): Promise<Reply> {
  const call = buildCall(request, about, { exchange, options });
  const { era } = exchange;
  const parked = era === 'modern' && askingMethods.has(request.method) ? options.parked : undefined;
  const returning = parked === undefined ? undefined : heldBefore(request, call, options);
  const returned = returning === undefined ? undefined : await returning;
  const asked = returned?.request ?? request;
  // What was asked before the call was held is answered, and belongs to no other run of it.
  const anew = withoutState(asked);
  let outcome: HeldOutcome =
    parked === undefined ? await options.govern(call) : await parked.run(call, asked);
  if (outcome.kind === 'suspended' && options.held !== undefined) {
    outcome = await options.held.wait(outcome, {
      call,
      canReturn: parked !== undefined,
      turn: returned?.turn ?? 0,
      page: returned?.page,
      isGone: () => exchange.isGone?.() === true,
      run: (again) => (parked === undefined ? options.govern(again) : parked.run(again, anew)),
    });
  }
  if (outcome.kind === 'input_required' || outcome.kind === 'task') return resultReply(outcome.result);
  return replyOf(outcome, call, {
    era,
    serverInfo: options.serverInfo,
    capabilities: call.client.capabilities,
    ...(outcome.kind === 'suspended'
      ? { heldIsError: heldIsError(call, options), page: options.held?.pageOf(outcome.hold) }
      : {}),
  });
}

function withoutState(request: RequestMessage): RequestMessage {
  if (!Object.hasOwn(request.params, 'requestState')) return request;
  const { requestState: _state, inputResponses: _answers, ...params } = request.params;
  return { ...request, params };
}

function heldBefore(
  request: RequestMessage,
  call: Call,
  { held }: FaceOptions,
): Promise<HeldReturn | undefined> | undefined {
  return Object.hasOwn(request.params, 'requestState') ? held?.returned(request, call) : undefined;
}

/** Clients take a result without the structured content that its tool promises for broken, unless it is an error. */
function heldIsError({ kind, endpoint, target }: Call, { held, locate }: FaceOptions): boolean {
  if (held?.heldIsError === true) return true;
  return kind === 'tool' && locate(endpoint, target)?.definition.value.outputSchema !== undefined;
}
