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
export type { AmountConfig, LimitConfig } from './limit-config.js';
export { policySchema } from './policy-config.js';
