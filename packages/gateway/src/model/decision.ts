import type { History } from './history.js';
import type { JsonObject, JsonValue } from './json.js';
import type { Obligations } from './obligation.js';
import type { Principal } from './principal.js';
import type { Target } from './target.js';

/** What policy is asked. `call` needs the arguments; `list` asks whether the caller could ever call the target. */
export interface Question {
  readonly action: 'call' | 'list';
  /** For a request of an upstream to its client (questionMethods) that method, about the target of the call it belongs to. */
  readonly method: string;
  readonly principal: Principal;
  readonly target: Target;
  /**
   * The arguments' value, and for a request of an upstream its params; absent for `list`, and for a call without
   * arguments an empty object.
   */
  readonly args?: JsonValue;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly callId: string;
  /** What the caller did before; where it is absent, conditions that ask for it deny. */
  readonly history?: History;
}

/** A question that is answered at once, as lists do not wait. */
export type ListQuestion = Question & { readonly action: 'list' };

/** A decision function: a promise only where somebody beside the rules takes time over a call. */
export interface Decide {
  (question: ListQuestion): Decision;
  (question: Question): Decision | Promise<Decision>;
}

/** `ask`: a person must say yes first. */
export type Effect = 'allow' | 'ask' | 'deny' | 'hide';

/** All verdicts combined: hide and deny beat ask, ask beats allow; with no verdict the policy's default applies. */
export interface Decision {
  readonly effect: Effect;
  /** The id of the rule that decided; absent when the default did. */
  readonly rule?: string;
  /** The name of the evaluator that decided; absent for the rules and the default. */
  readonly evaluator?: string;
  /** One sentence for the caller. */
  readonly reason: string;
  /** More for the operator (for example the fault of a condition); never shown to the caller. */
  readonly detail?: string;
  /** Content hash of the policy in force: `sha256:…`. */
  readonly revision: string;
  /** What must be kept to, where the effect is `allow` or `ask` and anything must. */
  readonly obligations?: Obligations;
  /** What the evaluators beside the rules said, where there are any. */
  readonly evaluations?: readonly Evaluation[];
  /** What would have been decided with the rules on trial in force, where one of them had something to say. */
  readonly shadow?: ShadowDecision;
}

export interface Evaluation {
  readonly evaluator: string;
  readonly effect: Effect | 'abstain' | 'fault';
  /** Evaluated, not enforced. */
  readonly shadow?: true;
  readonly detail?: string;
  /** How its answer came about, for example the contributions to a score. */
  readonly findings?: JsonObject;
}

export interface ShadowDecision {
  readonly effect: Effect;
  /** Those that spoke, at most mostShadowVerdicts of them. */
  readonly verdicts: readonly ShadowVerdict[];
}

export interface ShadowVerdict {
  /** The id of a rule, or the name of an evaluator. */
  readonly by: string;
  readonly effect: Effect | 'fault';
}

export const mostShadowVerdicts = 8;
