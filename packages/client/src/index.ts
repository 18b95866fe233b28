export { type ChangeOptions, Policies } from './policies.js';
export type {
  Effect,
  Explanation,
  Policy,
  PolicyDiff,
  PolicyDraft,
  PolicyFinding,
  PolicyQuestion,
  PolicyVersion,
  Rule,
  UpstreamSettings,
  UpstreamTest,
} from './policy-types.js';
export {
  SallyportClient,
  type SallyportClientOptions,
  type ToolsOptions,
} from './sallyport-client.js';
export { Refused, SallyportError, type WrongPlace } from './sallyport-error.js';
export type {
  AuditEntry,
  AuditFilter,
  CallRequest,
  Check,
  ConnectionStatus,
  Json,
  JsonObject,
  RequestOptions,
  Status,
  Tool,
  UpstreamStatus,
} from './types.js';
