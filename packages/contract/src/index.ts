export {
  type Config,
  type ConfigInput,
  configSchema,
  type RuleConfig,
  roleSchema,
  secretReferenceSchema,
  type UpstreamConfig,
  upstreamIdSchema,
} from './config.js';
