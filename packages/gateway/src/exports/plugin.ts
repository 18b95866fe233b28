export {
  type ApprovalChannel,
  type ApprovalChannelPlugin,
  CallbackFault,
  type CallbackReply,
  type ChannelAnswer,
  type ChannelCallback,
  type ChannelContext,
  ChannelFault,
  type ChannelNotice,
  defineApprovalChannel,
} from '../approvals/approval-channel.js';
export type { ChannelOutcome } from '../approvals/channel-outcome.js';
export type { ApprovalView } from '../model/approval-view.js';
export type { CancelSignal } from '../model/cancel-signal.js';
export type { Question } from '../model/decision.js';
export type { Destination, Endpoint, EndpointReply } from '../model/endpoint.js';
export type { JsonObject, JsonValue } from '../model/json.js';
export type { OptionsSchema } from '../model/options-schema.js';
export type { Evaluator, Verdict } from '../policy/evaluator.js';
export {
  defineEvaluator,
  type EvaluatorContext,
  EvaluatorFault,
  type EvaluatorPlugin,
} from '../policy/evaluator-plugin.js';
