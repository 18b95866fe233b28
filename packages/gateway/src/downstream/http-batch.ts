import { assumedLegacyRevision } from '../model/revisions.js';
import { answerBatch, type BatchAsker, type BatchChannel, batchText } from './answer-batch.js';
import { asksSomething, checkBatchRevision, readBatch } from './batch.js';
import type { EventStream } from './event-stream.js';
import { replyToFault } from './fault-reply.js';
import { sendEmpty, sendJson } from './http-answers.js';
import { acceptsEvents } from './http-exchange.js';
import { comeBackSoon, header, namedSession, notAccepting } from './http-session.js';
import type { HttpState } from './http-state.js';
import type { Visit } from './http-visit.js';
import type { QuietReply } from './keep-alive.js';
import { responseMessage } from './reply.js';
import { putQuestion } from './session-streams.js';
import { type Session, scopeOf } from './sessions.js';

/** Answers a POSTed batch of revision 2025-03-26. */
export function receiveBatch(visit: Visit, body: Buffer, state: HttpState): void {
  const { options } = state;
  try {
    const named = header(visit, 'mcp-protocol-version');
    if (named !== undefined) checkBatchRevision(named);
    const session = namedSession(visit, state.sessions);
    if (session !== undefined) checkBatchRevision(session.conversation.revision);
    const elements = readBatch(body);
    if (!options.accepting() && asksSomething(elements)) {
      const text = responseMessage('null', notAccepting);
      sendJson(visit.response, { status: notAccepting.status, text }, comeBackSoon);
      return;
    }
    const reply = new BatchReply(visit, session, state);
    const channel = acceptsEvents(visit) && asksSomething(elements) ? reply : undefined;
    if (channel !== undefined) state.keepAlive.watch(reply);
    const asker = askerOf(visit, { session, channel }, state);
    void answerBatch(elements, asker, options).then((answers) => reply.finish(answers));
  } catch (cause) {
    const reply = replyToFault(cause, { sender: visit, message: undefined }, options);
    sendJson(visit.response, { status: reply.status, text: responseMessage('null', reply) });
  }
}

interface Standing {
  readonly session: Session | undefined;
  readonly channel: BatchChannel | undefined;
}

function askerOf(visit: Visit, { session, channel }: Standing, { inFlight }: HttpState): BatchAsker {
  const { principal, source, endpoint } = visit;
  return {
    sender: visit,
    arrival: {
      transport: 'http',
      revision: session?.conversation.revision ?? assumedLegacyRevision,
      source,
      ...(session === undefined ? {} : { session: session.id }),
    },
    endpoint,
    scope: scopeOf(principal, session?.id),
    inFlight,
    conversation: session?.conversation,
    session: session?.id,
    channel,
    // Its place in the array is where the client looks for it, as it is with the answer to a single request.
    answersCancelled: true,
  };
}

/** The answers to one batch: an array, or an event each once something had to be said before they were complete. */
class BatchReply implements BatchChannel, QuietReply {
  silentTicks = 0;
  place = -1;
  readonly #visit: Visit;
  readonly #session: Session | undefined;
  readonly #state: HttpState;
  readonly #waiting: string[] = [];
  #stream: EventStream | undefined;

  constructor(visit: Visit, session: Session | undefined, state: HttpState) {
    this.#visit = visit;
    this.#session = session;
    this.#state = state;
  }

  notify(message: string): void {
    this.silentTicks = 0;
    this.#openStream()?.say(message, true);
  }

  ask(message: string): boolean {
    this.silentTicks = 0;
    return putQuestion(message, this.#openStream(), this.#session?.streams);
  }

  keepAlive(): void {
    this.#openStream()?.keepAlive();
  }

  answered(text: string): void {
    if (this.#stream === undefined) this.#waiting.push(text);
    else this.#stream.say(text, false);
  }

  finish(answers: readonly string[]): void {
    this.#state.keepAlive.forget(this);
    const { response } = this.#visit;
    const text = batchText(answers);
    if (this.#stream !== undefined) this.#stream.end();
    else if (text === undefined) sendEmpty(response, 202);
    else sendJson(response, { status: 200, text });
  }

  #openStream(): EventStream | undefined {
    if (this.#stream !== undefined) return this.#stream;
    this.#stream = this.#state.openReply(this.#visit, this.#session);
    for (const answer of this.#waiting.splice(0)) this.#stream?.say(answer, false);
    return this.#stream;
  }
}
