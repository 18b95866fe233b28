import { modernRevision } from '../../model/revisions.js';
import { type AttachedCredential, UpstreamFailure } from '../../model/upstream.js';
import { OtherTransport, type ServerFacts } from '../connection.js';
import { type HttpCall, HttpStatusFailure } from './http-call.js';
import { type HttpRequest, type HttpSession, httpSession } from './http-headers.js';
import { writeNotification } from './json-rpc.js';
import {
  type Introduction,
  initializeMembers,
  judgeProbe,
  type ProbeVerdict,
  readInitialize,
} from './negotiation.js';

/** The endpoint that is negotiated with. */
export interface HandshakePort {
  send(request: HttpRequest, session: HttpSession): HttpCall;
  post(body: string, session: HttpSession, credential: AttachedCredential): Promise<void>;
}

export interface HandshakeTerms extends Introduction {
  readonly knownLegacy: boolean;
  readonly timeoutMs: number;
  readonly credential: AttachedCredential;
}

/** What a handshake came to. */
export interface Agreement {
  readonly session: HttpSession;
  readonly facts: ServerFacts;
}

/** Finds out how to speak with an endpoint. Rejects with OtherTransport where it refuses as HTTP+SSE servers do. */
export async function shakeHands(port: HandshakePort, terms: HandshakeTerms): Promise<Agreement> {
  const { pinned } = terms;
  if (pinned !== undefined ? pinned === modernRevision : !terms.knownLegacy) {
    const verdict = await probe(port, terms);
    if (verdict.era === 'modern') {
      return { session: httpSession(terms.version, modernRevision), facts: verdict.facts };
    }
    if (pinned !== undefined) {
      throw new UpstreamFailure('malformed', `the server does not speak the pinned revision ${pinned}`, true);
    }
  }
  return initialize(port, terms, true);
}

/** Opens a session with a legacy server. */
export async function initialize(
  port: HandshakePort,
  terms: HandshakeTerms,
  isFirst: boolean,
): Promise<Agreement> {
  const { version, timeoutMs, credential, pinned } = terms;
  const request = { method: 'initialize', members: initializeMembers(terms), timeoutMs, credential };
  const call = port.send(request, httpSession(version));
  let facts: ServerFacts;
  try {
    facts = readInitialize(await call.reply);
  } catch (cause) {
    const status = cause instanceof HttpStatusFailure ? cause.status : call.status;
    const mayBeOlder = isFirst && (pinned === undefined || pinned === '2024-11-05');
    if (mayBeOlder && (status === 400 || status === 404 || status === 405)) {
      throw new OtherTransport(cause instanceof Error ? cause.message : String(cause));
    }
    throw cause;
  }
  const session = httpSession(version, facts.revision, call.mintedSession);
  await port.post(writeNotification('notifications/initialized', '{}'), session, credential);
  return { session, facts };
}

/** Refused credentials, faults of the server and of the network say nothing about its era. */
async function probe(port: HandshakePort, terms: HandshakeTerms): Promise<ProbeVerdict> {
  const { timeoutMs, credential, pinned, version } = terms;
  const request = { method: 'server/discover', members: '', timeoutMs, credential };
  try {
    return judgeProbe(await port.send(request, httpSession(version, modernRevision)).reply);
  } catch (cause) {
    if (pinned !== undefined || !(cause instanceof UpstreamFailure)) throw cause;
    if (cause instanceof HttpStatusFailure ? speaksOfEra(cause.status) : cause.kind === 'malformed') {
      return { era: 'legacy' };
    }
    throw cause;
  }
}

/** Whether a refusal of the probe may come from a server of the other era; other statuses are plain failures. */
function speaksOfEra(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 407, 408, 429].includes(status);
}
