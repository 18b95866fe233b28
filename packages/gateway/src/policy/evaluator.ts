import type { CancelSignal } from '../model/cancel-signal.js';
import type { Effect, Question } from '../model/decision.js';
import type { JsonObject } from '../model/json.js';
import type { Obligations } from '../model/obligation.js';

/** One evaluator's answer. `abstain`: it has nothing to say about this call. */
export interface Verdict {
  readonly effect: Effect | 'abstain';
  /** One sentence for the caller, or for the person who is asked. */
  readonly reason?: string;
  /** More for the operator; never shown to the caller. */
  readonly detail?: string;
  readonly obligations?: Obligations;
  /** How it came about, for explanations and the record, for example the contributions to a score. */
  readonly findings?: JsonObject;
}

/**
 * Answers questions about calls. It never loosens what others say: hide and deny beat ask, ask beats allow, over all
 * evaluators and the rules. What it throws, what comes too late and what is no verdict is a deny, recorded as a fault.
 */
export interface Evaluator {
  readonly name: string;
  /** Content hash of what it decides by, where that is not in its options: files, for example. */
  readonly revision?: string;
  /** Pure as far as the call is concerned. The signal aborts when nobody waits for the answer any more. */
  evaluate(question: Question, signal: CancelSignal): Verdict | Promise<Verdict>;
  /**
   * Whether the caller could ever call the target, for lists, which do not wait. Without it the evaluator may let any
   * target pass, and stops none from being listed.
   */
  list?(question: Question): Verdict;
}

/** An evaluator as it is configured. */
export interface AttachedEvaluator {
  readonly evaluator: Evaluator;
  /** How long it may take. */
  readonly timeoutMs: number;
  /** Evaluated and recorded, never enforced. */
  readonly shadow?: boolean;
  /** A fault counts as no answer instead of as a deny; it is recorded all the same. */
  readonly onFault?: 'abstain';
  /** Content hash of how it is configured. */
  readonly revision?: string;
}
