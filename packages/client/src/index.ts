export {
  type RequestOptions,
  SallyportClient,
  type SallyportClientOptions,
  type ToolsOptions,
} from './sallyport-client.js';
export { Refused, SallyportError } from './sallyport-error.js';
export type {
  AuditEntry,
  AuditFilter,
  CallRequest,
  Check,
  ConnectionStatus,
  Json,
  JsonObject,
  Status,
  Tool,
  UpstreamStatus,
} from './types.js';
