import type { Readiness } from '../control/control-face.js';
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
 * Ready means: calls are decided, recorded and answered. A single upstream that is down or a rule that denies for one
 * tool shows in the checks and does not make the whole gateway unready.
 */
export function readinessOf(state: keyof typeof states, parts: Parts, faults: RolloutFaults): Readiness {
  const journal = parts.store.journal.health();
  const checks: Checks = {
    gateway: checkOf(states[state]),
    audit: checkOf(journal.ok ? undefined : journal.reason),
    policy: checkOf(faults.policy),
    configuration: checkOf(faults.reload),
  };
  for (const upstream of parts.upstreams.status()) {
    const reason = upstream.reason ?? `it is ${upstream.state}`;
    checks[`upstream ${upstream.id}`] = checkOf(upstream.state === 'up' ? undefined : reason);
  }
  return { ready: state === 'open' && journal.ok, checks };
}

function checkOf(reason: string | undefined): { ok: boolean; reason?: string } {
  return reason === undefined ? { ok: true } : { ok: false, reason };
}
