export type { ClaimsConfig, IssuerConfig, SignInConfig } from './auth-config.js';
export { type ChannelConfig, type ConfiguredChannel, channelOptions } from './channel-config.js';
export {
  type Config,
  type ConfigInput,
  configSchema,
  type EvaluatorConfig,
  type RuleConfig,
  roleSchema,
  secretReferenceSchema,
  type UpstreamConfig,
  upstreamIdSchema,
} from './config.js';
export { type ConfiguredPlugin, evaluatorOptions } from './evaluator-config.js';
export { grantable, isGrant, type Need } from './grant.js';
export type { AmountConfig, LimitConfig } from './limit-config.js';
export { policySchema } from './policy-config.js';
export {
  answerSchema,
  approvalPageSchema,
  approvalResultSchema,
  approvalSchema,
  approvalViewSchema,
  compatAnswerSchema,
  compatHoldsSchema,
  holdStateSchema,
  undeliveredSchema,
} from './rest/approval.js';
export {
  entryPageSchema,
  entryQuery,
  recordPageSchema,
  recordQuery,
  spendQuery,
  spendSchema,
} from './rest/audit.js';
export { budgetPageSchema, budgetQuery, ledgerPageSchema, limitPageSchema } from './rest/budget.js';
export {
  approvalRuleKinds,
  compatAddedRuleSchema,
  compatApprovalRequestSchema,
  compatApprovalRuleSchema,
  compatApprovalRulesSchema,
  compatDecidedSchema,
  compatPendingSchema,
  compatRequestedSchema,
  compatRequestSchema,
} from './rest/compat-approval.js';
export {
  compatPoliciesSchema,
  compatPolicyDocumentSchema,
  compatPolicySchema,
  compatRegisteredSchema,
  compatUpstreamSchema,
} from './rest/compat-proxy.js';
export { effectiveConfigSchema, statusSchema, toolPageSchema } from './rest/gateway.js';
export {
  issuedKeySchema,
  keyPageSchema,
  keyRequestSchema,
  keySchema,
  principalPageSchema,
  rotationSchema,
} from './rest/key.js';
export { killListSchema, killOrderSchema, killSwitchSchema } from './rest/kill-switch.js';
export { pageOf, pageQuery, timeSchema } from './rest/page.js';
export { pinDecisionSchema, pinPageSchema, pinQuery, pinSchema } from './rest/pin.js';
export {
  draftOfSchema,
  explainSchema,
  explanationSchema,
  newPolicySchema,
  policyCheckSchema,
  policyDiffSchema,
  policyDocumentSchema,
  policyDraftSchema,
  policyHistorySchema,
  policyPageSchema,
  rollbackSchema,
} from './rest/policy.js';
export { aliveSchema, compatHealthSchema, readinessSchema } from './rest/probe.js';
export { type ProblemCode, problemCodes, problemSchema, problems } from './rest/problem.js';
export { proxyCallSchema, proxyToolsSchema, toolResultSchema } from './rest/proxy.js';
export {
  authorizationSchema,
  issuedSessionSchema,
  newSessionSchema,
  paymentSchema,
  revokedSessionSchema,
  scopeAnswerSchema,
  scopeCheckSchema,
  sessionPageSchema,
  sessionQuery,
  sessionSchema,
} from './rest/session.js';
export { firstKeySchema, setupSchema } from './rest/setup.js';
export {
  endedSignInsSchema,
  endSignInsSchema,
  signInPageSchema,
  signInSchema,
} from './rest/sign-in.js';
export { newStandingSchema, standingPageSchema, standingSchema } from './rest/standing.js';
export {
  newUpstreamSchema,
  upstreamDocumentSchema,
  upstreamDraftSchema,
  upstreamHistorySchema,
  upstreamListSchema,
  upstreamTestSchema,
  upstreamTrialSchema,
} from './rest/upstream.js';
