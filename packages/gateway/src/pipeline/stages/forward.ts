import type { Call } from '../../model/call.js';
import type { Permit } from '../../model/permit.js';
import { Refusal } from '../../model/refusal.js';
import type { AttachedCredential, ForwardRequest, UpstreamReply } from '../../model/upstream.js';
import { UpstreamFailure } from '../../model/upstream.js';
import type { House, Snapshot } from '../house.js';
import type { Located } from './locate-target.js';

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
  const request: ForwardRequest = {
    target: located.target,
    method: call.method,
    principal: call.principal,
    session: call.arrival.session,
    client: call.client,
    ...(call.args === undefined ? {} : { argumentsText: call.args.text, args: call.args }),
    meta: call.meta,
    credential: shipment.credential,
    timeoutMs: snapshot.timeoutMsOf(located.target.upstream),
    signal: call.signal,
    ...(call.onProgress === undefined ? {} : { onProgress: inspectedProgress(call.onProgress, house) }),
  };
  try {
    return await house.upstreams.forward(permit, request);
  } catch (cause) {
    throw cause instanceof UpstreamFailure ? refusalOf(cause, located.target.upstream) : cause;
  }
}

function inspectedProgress(deliver: (params: string) => void, house: House): (params: string) => void {
  return (params) => deliver(house.redactor.redact(params));
}

const sentences = {
  unavailable: 'is not available at the moment',
  timeout: 'did not answer in time',
  cancelled: 'was left because the caller cancelled',
  malformed: 'sent an answer that could not be read',
};

function refusalOf(failure: UpstreamFailure, upstream: string): Refusal {
  const aftermath = failure.sent
    ? 'The call was sent and may have had its effect; check before you repeat it.'
    : 'The call was not sent.';
  const code = failure.kind === 'timeout' ? 'upstream_timeout' : 'upstream_unavailable';
  return new Refusal(code, `The upstream "${upstream}" ${sentences[failure.kind]}. ${aftermath}`, {
    mayHaveRun: failure.sent,
    detail: failure.message,
    retryAfterSeconds: failure.sent ? undefined : 5,
  });
}
