export type { CancelSignal } from '../model/cancel-signal.js';
export type { Question } from '../model/decision.js';
export type { JsonObject, JsonValue } from '../model/json.js';
export type { Evaluator, Verdict } from '../policy/evaluator.js';
export {
  type Destination,
  defineEvaluator,
  type Endpoint,
  type EvaluatorContext,
  EvaluatorFault,
  type EvaluatorPlugin,
} from '../policy/evaluator-plugin.js';
