export { type ChangeOptions, type NoteOptions, Policies } from './policies.js';
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
export { Approvals, Budgets, Keys } from './resources.js';
export type { components, paths } from './rest.gen.js';
export { type Found, Rest, type Wanted } from './rest.js';
export type { BodyOf, QueryOf, ReplyOf, RestOptions } from './rest-request.js';
export { SallyportClient, type SallyportClientOptions, type ToolsOptions } from './sallyport-client.js';
export {
  AnswerLost,
  ApprovalPending,
  BudgetExhausted,
  type LimitStanding,
  PolicyDenied,
  RateLimited,
  Refused,
  SallyportError,
  SessionInvalid,
  Stopped,
  type WrongPlace,
} from './sallyport-error.js';
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
