import { type ApprovalSource, approvalRoutes } from './approval-routes.js';
import { type EntrySource, entryRoutes } from './audit-entries.js';
import { type AuditSource, auditRoutes } from './audit-routes.js';
import { type BudgetSource, budgetRoutes } from './budget-routes.js';
import { type CompatApprovalSource, compatApprovalRoutes } from './compat-approval-routes.js';
import { compatApprovalRuleRoutes } from './compat-approval-rules.js';
import { type CompatHoldSource, compatHoldRoutes } from './compat-hold-routes.js';
import { type CompatProxySource, compatProxyRoutes } from './compat-proxy-routes.js';
import { type GatewaySource, gatewayRoutes } from './gateway-routes.js';
import { type KeySource, keyRoutes } from './key-routes.js';
import { type KillSource, killRoutes } from './kill-routes.js';
import { type PaymentSource, paymentRoutes } from './payment-routes.js';
import { type PinSource, pinRoutes } from './pin-routes.js';
import type { PolicySource } from './policy-read-routes.js';
import { policyRoutes } from './policy-routes.js';
import { type PrincipalSource, principalRoutes } from './principal-routes.js';
import { type ProxySource, proxyRoutes } from './proxy-routes.js';
import type { Route } from './rest/route.js';
import { type SessionSource, sessionRoutes } from './session-routes.js';
import { type SetupSource, setupRoutes } from './setup-routes.js';
import { type SignedInSource, signedInRoutes } from './signed-in-routes.js';
import { type StandingSource, standingRoutes } from './standing-routes.js';
import { type StatusSource, statusRoutes } from './status-routes.js';
import { type ToolSource, toolRoutes } from './tool-routes.js';
import { type PolicyTrialSource, trialRoutes } from './trial-routes.js';
import { type UndeliveredSource, undeliveredRoute } from './undelivered-routes.js';
import { upstreamHistoryRoutes } from './upstream-history-routes.js';
import { type UpstreamSource, upstreamRoutes } from './upstream-routes.js';

/** What the routes work with. */
export type RouteSources = ApprovalSource &
  AuditSource &
  BudgetSource &
  CompatApprovalSource &
  CompatHoldSource &
  CompatProxySource &
  EntrySource &
  GatewaySource &
  KeySource &
  KillSource &
  PaymentSource &
  ProxySource &
  SessionSource &
  PinSource &
  PolicySource &
  PolicyTrialSource &
  StandingSource &
  PrincipalSource &
  SetupSource &
  SignedInSource &
  StatusSource &
  ToolSource &
  UndeliveredSource &
  UpstreamSource;

/** Every route of the REST face: what is not here is neither served nor in the document. */
export function routesOf(sources: RouteSources): readonly Route[] {
  return [
    ...gatewayRoutes(sources),
    undeliveredRoute(sources),
    ...statusRoutes(sources),
    ...toolRoutes(sources),
    // Before the routes of one hold, whose id could have these names.
    ...compatApprovalRuleRoutes(sources),
    ...compatApprovalRoutes(sources),
    ...approvalRoutes(sources),
    ...entryRoutes(sources),
    ...standingRoutes(sources),
    ...auditRoutes(sources),
    ...budgetRoutes(sources),
    ...killRoutes(sources),
    ...keyRoutes(sources),
    ...principalRoutes(sources),
    ...signedInRoutes(sources),
    ...pinRoutes(sources),
    ...compatHoldRoutes(sources),
    ...compatProxyRoutes(sources),
    ...upstreamRoutes(sources),
    ...upstreamHistoryRoutes(sources),
    ...policyRoutes(sources),
    ...trialRoutes(sources),
    ...setupRoutes(sources),
    ...sessionRoutes(sources),
    ...proxyRoutes(sources),
    ...paymentRoutes(sources),
  ];
}
