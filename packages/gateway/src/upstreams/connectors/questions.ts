import { Cancellation } from '../../lib/cancellation.js';
import { isJsonObject } from '../../lib/json/parse-json.js';
import { type ClientAnswer, type QuestionMethod, questionMethods } from '../../model/client.js';
import type { JsonObjectText } from '../../model/json.js';
import type { Log } from '../../model/log.js';
import type { RemoteError } from '../../model/remote-error.js';
import { type ServerRequest, writeError, writeResult } from './json-rpc.js';
import type { PendingRequest } from './pending-request.js';

const mostAtOnce = 16;
const mostOfCall = 256;
const errorCodes = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
};

/** A question of the server while somebody is being asked. */
interface OpenQuestion {
  readonly idText: string;
  readonly method: QuestionMethod;
  readonly call: PendingRequest;
  /** Those whose clock stands still meanwhile, as it may be about any of them. */
  readonly held: readonly PendingRequest[];
  readonly signal: Cancellation;
  readonly answer: Posed['answer'];
}

/** A question with where its answer goes. */
export interface Posed {
  readonly message: ServerRequest;
  /** The calls that it may belong to, the likeliest first. */
  readonly calls: readonly PendingRequest[];
  /** Sends one JSON-RPC response. `awaited` says that somebody was asked, so that it may not be lost. */
  readonly answer: (body: string, awaited: boolean) => void;
}

/** The requests that a legacy server makes itself: put to the client behind the call that they belong to. */
export class Questions {
  readonly #log: Log;
  readonly #open: OpenQuestion[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** Answers each request exactly once, unless the server withdraws it. */
  put({ message, calls, answer }: Posed): void {
    const { method, idText } = message;
    if (method === 'ping') {
      answer(writeResult(idText, '{}'), false);
      return;
    }
    const known = questionMethods.find((one) => one === method);
    const [call] = calls;
    const refusal = known === undefined ? noSuchMethod : this.#refusalOf(message, call);
    if (refusal === nobodyToAsk && known !== undefined) this.#tellUnasked(message, known, call);
    if (refusal !== undefined || known === undefined || call === undefined) {
      answer(writeError(idText, refusal ?? noCall), false);
      return;
    }
    call.asked++;
    const signal = new Cancellation();
    const question = { idText, method: known, call, held: calls, signal, answer };
    this.#open.push(question);
    for (const held of calls) held.hold();
    void this.#ask(question, paramsOf(message) ?? emptyObject);
  }

  /** The server does not want to know any more. */
  withdraw(idText: string): void {
    const question = this.#open.find((open) => open.idText === idText);
    if (question !== undefined && this.#close(question)) question.signal.abort();
  }

  /** The call is over: whoever is being asked need not answer, and the server hears so. */
  callEnded(call: PendingRequest): void {
    if (call.asked === 0) return;
    for (const question of this.#open.filter((open) => open.call === call)) {
      if (!this.#close(question)) continue;
      question.signal.abort();
      const { method, idText, answer } = question;
      answer(
        method === 'elicitation/create'
          ? writeResult(idText, '{"action":"cancel"}')
          : writeError(idText, callIsOver),
        true,
      );
    }
  }

  #tellUnasked(message: ServerRequest, method: QuestionMethod, call: PendingRequest | undefined): void {
    const params = paramsOf(message) ?? emptyObject;
    call?.request.unasked?.refused({ method, params, signal: new Cancellation() });
  }

  async #ask(question: OpenQuestion, params: JsonObjectText): Promise<void> {
    const { call, method, signal, idText, answer } = question;
    let text: string;
    try {
      const said = await call.request.ask?.({ method, params, signal });
      text = said === undefined ? writeError(idText, nobodyToAsk) : writeAnswer(idText, said);
    } catch (cause) {
      this.#log.warn({ cause: String(cause) }, 'a question of an upstream could not be put to its client');
      text = writeError(idText, notAsked);
    }
    if (this.#close(question)) answer(text, true);
  }

  /** Whether it was still open. */
  #close(question: OpenQuestion): boolean {
    const place = this.#open.indexOf(question);
    if (place < 0) return false;
    this.#open.splice(place, 1);
    for (const held of question.held) held.release();
    return true;
  }

  #refusalOf(message: ServerRequest, call: PendingRequest | undefined): RemoteError | undefined {
    if (paramsOf(message) === undefined) return noObject;
    if (call === undefined || call.ended) return noCall;
    if (call.request.ask === undefined) return nobodyToAsk;
    if (call.asked >= mostOfCall) return tooMany;
    return this.#open.filter((open) => open.call === call).length >= mostAtOnce ? tooMany : undefined;
  }
}

function paramsOf({ params }: ServerRequest): JsonObjectText | undefined {
  if (params === undefined) return emptyObject;
  return isJsonObject(params.value) ? { text: params.text, value: params.value } : undefined;
}

function writeAnswer(idText: string, said: ClientAnswer): string {
  return said.kind === 'result' ? writeResult(idText, said.result.text) : writeError(idText, said.error);
}

const emptyObject: JsonObjectText = { text: '{}', value: {} };

const noSuchMethod = { code: errorCodes.methodNotFound, message: 'Method not found' };
const nobodyToAsk = {
  code: errorCodes.methodNotFound,
  message: 'The client behind this call cannot be asked that.',
};
const noCall = {
  code: errorCodes.invalidRequest,
  message: 'No call is in flight that this could belong to, so there is nobody to ask.',
};
const callIsOver = { code: errorCodes.invalidRequest, message: 'The call that this belonged to is over.' };
const tooMany = {
  code: errorCodes.invalidRequest,
  message: `One call may ask ${mostAtOnce} things at once and ${mostOfCall} in all.`,
};
const noObject = { code: errorCodes.invalidParams, message: 'The params are no object.' };
const notAsked = { code: errorCodes.internal, message: 'The question could not be put to the client.' };
