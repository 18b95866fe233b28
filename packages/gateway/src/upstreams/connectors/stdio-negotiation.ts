import type { Clock } from '../../lib/clock.js';
import { type Era, modernRevision } from '../../model/revisions.js';
import { UpstreamFailure, type UpstreamReply } from '../../model/upstream.js';
import { type OutgoingRequest, ProbeExit, type ServerFacts } from '../connection.js';
import {
  type Introduction,
  initializeMembers,
  judgeProbe,
  type ProbeVerdict,
  readInitialize,
} from './negotiation.js';

/** How long a server may be silent on the probe before it is also asked the legacy way. */
const probeSilenceMs = 2000;

/** The process that is negotiated with. */
export interface NegotiationPort {
  ask(request: OutgoingRequest, era: Era): Promise<UpstreamReply>;
  /** Why the process is no more. */
  gone(): string | undefined;
}

export interface NegotiationTerms extends Introduction {
  readonly clock: Clock;
  readonly knownLegacy: boolean;
  readonly timeoutMs: number;
}

/** Finds out how to speak with a process, on that one process; rejects with ProbeExit when asking ended it. */
export async function negotiate(port: NegotiationPort, terms: NegotiationTerms): Promise<ServerFacts> {
  const { pinned } = terms;
  if (pinned === modernRevision) {
    const verdict = await probe(port, terms);
    if (verdict.era === 'modern') return verdict.facts;
    throw new UpstreamFailure('malformed', `the server does not speak the pinned revision ${pinned}`, true);
  }
  if (pinned !== undefined || terms.knownLegacy) return initialize(port, terms);
  return detectEra(port, terms);
}

/**
 * Asks in the modern way, and on refusal or silence in the legacy way. A server may be silent because it is still being
 * installed; so a late modern answer counts when the legacy one is a refusal.
 */
async function detectEra(port: NegotiationPort, terms: NegotiationTerms): Promise<ServerFacts> {
  const found: { verdict?: ProbeVerdict } = {};
  const probing = probe(port, terms).then(
    (verdict) => {
      found.verdict = verdict;
    },
    () => undefined,
  );
  const silence = new Promise<void>((resolve) => {
    terms.clock.after(probeSilenceMs, resolve);
  });
  await Promise.race([probing, silence]);
  refuseIfGone(port);
  const facts = factsOf(found.verdict);
  if (facts !== undefined) return facts;
  try {
    return await initialize(port, terms);
  } catch (cause) {
    refuseIfGone(port);
    const late = factsOf(found.verdict);
    if (late !== undefined) return late;
    throw cause;
  }
}

async function probe(port: NegotiationPort, { timeoutMs }: NegotiationTerms): Promise<ProbeVerdict> {
  return judgeProbe(await port.ask({ method: 'server/discover', members: '', timeoutMs }, 'modern'));
}

async function initialize(port: NegotiationPort, terms: NegotiationTerms): Promise<ServerFacts> {
  const members = initializeMembers(terms);
  const { timeoutMs } = terms;
  return readInitialize(await port.ask({ method: 'initialize', members, timeoutMs }, 'legacy'));
}

function factsOf(verdict: ProbeVerdict | undefined): ServerFacts | undefined {
  return verdict?.era === 'modern' ? verdict.facts : undefined;
}

function refuseIfGone(port: NegotiationPort): void {
  const reason = port.gone();
  if (reason !== undefined) throw new ProbeExit(reason);
}
