import { type ApprovalSource, approvalRoutes } from './approval-routes.js';
import { type AuditSource, auditRoutes } from './audit-routes.js';
import { type CompatHoldSource, compatHoldRoutes } from './compat-hold-routes.js';
import { type CompatProxySource, compatProxyRoutes } from './compat-proxy-routes.js';
import { type GatewaySource, gatewayRoutes } from './gateway-routes.js';
import { type KillSource, killRoutes } from './kill-routes.js';
import { type PaymentSource, paymentRoutes } from './payment-routes.js';
import type { PolicySource } from './policy-read-routes.js';
import { policyRoutes } from './policy-routes.js';
import { type ProxySource, proxyRoutes } from './proxy-routes.js';
import type { Route } from './rest/route.js';
import { type SessionSource, sessionRoutes } from './session-routes.js';
import { type SetupSource, setupRoutes } from './setup-routes.js';
import { type PolicyTrialSource, trialRoutes } from './trial-routes.js';
import { type UndeliveredSource, undeliveredRoute } from './undelivered-routes.js';
import { type UpstreamSource, upstreamRoutes } from './upstream-routes.js';

/** What the routes work with. */
export type RouteSources = ApprovalSource &
  AuditSource &
  CompatHoldSource &
  CompatProxySource &
  GatewaySource &
  KillSource &
  PaymentSource &
  ProxySource &
  SessionSource &
  PolicySource &
  PolicyTrialSource &
  UpstreamSource &
  UndeliveredSource &
  SetupSource;

/** Every route of the REST face: what is not here is neither served nor in the document. */
export function routesOf(sources: RouteSources): readonly Route[] {
  return [
    ...gatewayRoutes(sources),
    undeliveredRoute(sources),
    ...approvalRoutes(sources),
    ...auditRoutes(sources),
    ...killRoutes(sources),
    ...compatHoldRoutes(sources),
    ...compatProxyRoutes(sources),
    ...upstreamRoutes(sources),
    ...policyRoutes(sources),
    ...trialRoutes(sources),
    ...setupRoutes(sources),
    ...sessionRoutes(sources),
    ...proxyRoutes(sources),
    ...paymentRoutes(sources),
  ];
}
