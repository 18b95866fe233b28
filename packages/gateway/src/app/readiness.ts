import type { Readiness } from '../control/gateway-routes.js';
import type { Parts } from './assemble.js';
import type { RolloutFaults } from './rollout.js';

type Checks = Record<string, { ok: boolean; reason?: string }>;

const states = {
  starting: 'the upstreams are starting and the rules are not checked yet',
  open: undefined,
  draining: 'the gateway is stopping',
  stopped: 'the gateway has stopped',
} as const;

/**
 * Ready means: calls are decided, recorded and answered. A single upstream that is down or a rule that does not fit
 * shows in the checks and does not make the whole gateway unready. Anybody may ask, so no name of a rule, tool or file
 * is told: those are in the log, in the trail and behind /v1.
 */
export function readinessOf(state: keyof typeof states, parts: Parts, faults: RolloutFaults): Readiness {
  const journal = parts.store.journal.health();
  const upstreams = parts.upstreams.status();
  const down = upstreams.filter((upstream) => upstream.state !== 'up').length;
  const stopped = parts.guards.kills.list().length;
  const checks: Checks = {
    gateway: checkOf(states[state]),
    audit: checkOf(journal.ok ? undefined : 'the audit trail cannot be written'),
    records: checkOf(lagOf(parts)),
    policy: checkOf(
      faults.rules === 0 ? undefined : `${faults.rules} problems of rules with the tools there are`,
    ),
    configuration: checkOf(
      faults.reload ? 'the last change was refused; the one before is in force' : undefined,
    ),
    kill_switches: checkOf(stopped === 0 ? undefined : `${stopped} thrown`),
    upstreams: checkOf(down === 0 ? undefined : `${down} of ${upstreams.length} not up`),
  };
  return { ready: state === 'open' && journal.ok, checks };
}

/** What queries do not see yet is safe in the journal; up to half of this is usual while the machine is saturated. */
const mostLagBytes = 2 ** 27;

function lagOf({ store }: Parts): string | undefined {
  const { bytes, fault } = store.journal.lag();
  if (fault !== undefined) return 'the audit database takes no records; the journal keeps them';
  return bytes > mostLagBytes ? 'the audit database is behind' : undefined;
}

function checkOf(reason: string | undefined): { ok: boolean; reason?: string } {
  return reason === undefined ? { ok: true } : { ok: false, reason };
}
