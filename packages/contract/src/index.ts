export type { ClaimsConfig, IssuerConfig } from './auth-config.js';
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
