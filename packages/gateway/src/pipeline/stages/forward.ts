import type { Call } from '../../model/call.js';
import type { Permit } from '../../model/permit.js';
import { Refusal } from '../../model/refusal.js';
import type { AttachedCredential, ForwardRequest, UpstreamReply } from '../../model/upstream.js';
import { UpstreamFailure } from '../../model/upstream.js';
import { paramsBeside } from '../approved-params.js';
import { GovernedQuestions } from '../governed-questions.js';
import type { House, Snapshot } from '../house.js';
import { asksForPages, requirePages } from '../required-pages.js';
import { governTaskQuestions } from '../task-questions.js';
import { ownTaskArgs, taskTeller } from '../task-request.js';
import type { Located } from './locate-target.js';

const nothing = { text: '{}', value: {} };

interface Shipment {
  readonly call: Call;
  readonly located: Located;
  readonly credential: AttachedCredential;
  readonly snapshot: Snapshot;
  readonly house: House;
}

/** Stage 6. Do it, at most once: a call that may have left the gateway is never repeated by the gateway. */
export async function forward(permit: Permit, shipment: Shipment): Promise<UpstreamReply> {
  const { call, located, snapshot, house } = shipment;
  // Its face knows how a task of the gateway's own stands.
  if (call.task?.isHeld === true) return { kind: 'result', result: nothing };
  const { onProgress, onNotification, ask } = call;
  const questions = new GovernedQuestions({ call, target: located.target, ask, snapshot, house });
  const args = call.task === undefined ? call.args : ownTaskArgs(call.args, call.task);
  const beside = paramsBeside(call, permit);
  const request: ForwardRequest = {
    target: located.target,
    method: call.method,
    principal: call.principal,
    session: call.arrival.session,
    client: call.client,
    argumentsText: args?.text,
    args,
    more: beside.more,
    meta: beside.meta,
    credential: shipment.credential,
    timeoutMs: snapshot.timeoutMsOf(located.target.upstream),
    signal: call.signal,
    onProgress: onProgress === undefined ? undefined : (params) => onProgress(house.redactor.redact(params)),
    onNotification:
      onNotification === undefined
        ? undefined
        : (method, params) => onNotification(method, house.redactor.redact(params)),
    ask: questions.ask,
    unasked: questions,
  };
  try {
    const reply = await house.upstreams.forward(permit, request);
    if (call.method === 'tasks/get') {
      const tell = taskTeller(request, (one) => house.upstreams.forward(permit, one));
      return await governTaskQuestions(reply, { mayShow: (one) => questions.mayShow(one), tell });
    }
    if (!asksForPages(reply)) return reply;
    return await requirePages(reply, {
      call,
      ask: questions.ask,
      mayShow: (page) => questions.mayShow(page),
      async again() {
        if (!house.isCurrent(call.principal)) throw credentialGone();
        return house.upstreams.forward(permit, request);
      },
    });
  } catch (cause) {
    throw cause instanceof UpstreamFailure ? refusalOf(cause, located.target.upstream) : cause;
  }
}

/** Nobody knows what the upstream did before it asked for pages. */
function credentialGone(): Refusal {
  const message = 'The credential of this call is not valid any more. The call was not sent again.';
  const detail = 'the credential ended while pages were visited';
  return new Refusal('denied', message, { detail, mayHaveRun: true });
}

const sentences = {
  unavailable: 'is not available at the moment',
  timeout: 'did not answer in time',
  cancelled: 'was left because the caller cancelled',
  malformed: 'sent an answer that could not be read',
  full: 'takes no more callers at the moment',
};

const codes = {
  unavailable: 'upstream_unavailable',
  timeout: 'upstream_timeout',
  cancelled: 'upstream_unavailable',
  malformed: 'upstream_unavailable',
  full: 'concurrency_limited',
} as const;

function refusalOf(failure: UpstreamFailure, upstream: string): Refusal {
  const aftermath = failure.sent
    ? 'The call was sent and may have had its effect; check before you repeat it.'
    : 'The call was not sent.';
  const why = failure.kind === 'full' ? `: ${failure.message}` : '';
  const sentence = `The upstream "${upstream}" ${sentences[failure.kind]}${why}. ${aftermath}`;
  return new Refusal(codes[failure.kind], sentence, {
    mayHaveRun: failure.sent,
    detail: failure.message,
    retryAfterSeconds: failure.sent ? undefined : 5,
  });
}
