import type { Trail } from '../audit/trail.js';
import type { CompatApprovalSource } from '../control/compat-approval-routes.js';
import type { CompatProxySource } from '../control/compat-proxy-routes.js';
import type { PaymentSource } from '../control/payment-routes.js';
import type { ProxySource } from '../control/proxy-routes.js';
import type { SessionSource } from '../control/session-routes.js';
import type { SessionDesk } from '../identity/session-desk.js';
import type { Clock } from '../lib/clock.js';
import type { KillSwitches } from '../limits/kill-switches.js';
import { limitOfBudget } from '../limits/session-budgets.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import { createAuthorizePayment, type PaymentParts } from '../pipeline/authorize-payment.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { isOwn } from './layer/own-upstreams.js';
import { withShownSession } from './session-entry.js';

export interface ProxyFaceParts
  extends Pick<ProxySource, 'govern' | 'governListing'>,
    Pick<CompatApprovalSource, 'requestApproval'> {
  readonly sessions: SessionDesk;
  readonly limits: PaymentParts['limits'];
  readonly snapshot: PaymentParts['snapshot'];
  readonly trail: Trail;
  readonly kills: KillSwitches;
  /** The tools of all upstreams, in their order. */
  readonly tools: () => readonly Pick<Target, 'exposedName' | 'upstream' | 'name'>[];
  readonly config: () => EffectiveConfig;
  readonly clock: Clock;
}

/** What the routes of sessions, calls and payments work with. */
export function proxyFace(
  parts: ProxyFaceParts,
): ProxySource &
  SessionSource &
  PaymentSource &
  Pick<CompatProxySource, 'tools'> &
  Pick<CompatApprovalSource, 'requestApproval'> {
  const { govern, governListing, requestApproval, sessions, limits, config, clock } = parts;
  const subject = { principal: gateway, upstream: '', target: '', args: {} };
  return {
    govern,
    governListing,
    requestApproval,
    sessions,
    clock,
    tools: parts.tools,
    authorizePayment: createAuthorizePayment(parts),
    inSession: (principal, token) => withShownSession(principal, token, sessions),
    hasAutomaticSessions: () => config().sessions.automatic.per !== 'nothing',
    exposedName(name, { tenant }) {
      const own = parts.tools().filter(({ upstream }) => isOwn(config(), tenant, upstream));
      return exposedNameOf(name, own);
    },
    leftOfSession: (budget) => limits.left(limitOfBudget(budget, { kind: 'price' }), subject).micros,
  };
}

/** Budgets of sessions are the same whoever asks. */
const gateway: Principal = { id: '', credential: 'none', tenant: 'default', roles: [], labels: {} };

/** The name that it has here; else `upstream.name`; else its own name, of the upstream that comes first. */
function exposedNameOf(name: string, tools: ReturnType<ProxyFaceParts['tools']>): string {
  const found =
    tools.find((tool) => tool.exposedName === name) ??
    tools.find((tool) => `${tool.upstream}.${tool.name}` === name) ??
    tools.find((tool) => tool.name === name);
  return found?.exposedName ?? name;
}
