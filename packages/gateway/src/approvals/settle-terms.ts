import type { SettledTerms } from '../model/hold.js';
import type { WantedApproval } from '../model/obligation.js';

/** The first that any rule wants is taken: a call that is not to be kept waiting is not. */
const modes = ['hold', 'wait', 'wait-then-hold'] as const;

/** The terms that keep to those of every rule: of several the stricter one, and the approvers of each. */
export function settleTerms(wanted: readonly WantedApproval[], defaults: SettledTerms): SettledTerms {
  if (wanted.length === 0) return defaults;
  const all = wanted.map(({ rule: _rule, reason: _reason, approvers, ...terms }) => ({
    ...defaults,
    ...terms,
    approvers: approvers === undefined ? defaults.approvers : [approvers],
  }));
  return {
    mode: modes.find((mode) => all.some((one) => one.mode === mode)) ?? defaults.mode,
    onApprove: all.every(({ onApprove }) => onApprove === 'execute') ? 'execute' : 'release',
    waitMs: Math.min(...all.map(({ waitMs }) => waitMs)),
    expiresMs: Math.min(...all.map(({ expiresMs }) => expiresMs)),
    approvers: all.flatMap(({ approvers }) => approvers),
    quorum: Math.max(...all.map(({ quorum }) => quorum)),
    noteRequired: all.some(({ noteRequired }) => noteRequired),
    ...(all.some(({ stepUp }) => stepUp === true) ? { stepUp: true } : {}),
  };
}
