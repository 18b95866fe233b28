import type { JsonValue } from './json.js';
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
}

export type Effect = 'allow' | 'deny' | 'hide';

/** All verdicts combined. Deny and hide beat allow; with no verdict the policy's default applies. */
export interface Decision {
  readonly effect: Effect;
  /** The id of the rule that decided; absent when the default did. */
  readonly rule?: string;
  /** One sentence for the caller. */
  readonly reason: string;
  /** More for the operator (for example the fault of a condition); never shown to the caller. */
  readonly detail?: string;
  /** Content hash of the policy in force: `sha256:…`. */
  readonly revision: string;
}
