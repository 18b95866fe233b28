import type { JsonValue } from './json.js';
import type { Principal } from './principal.js';
import type { Tool } from './tool.js';

/** What policy is asked. `call` needs the arguments; `list` asks whether the caller could ever call the target. */
export interface Question {
  readonly action: 'call' | 'list';
  readonly method: string;
  readonly principal: Principal;
  readonly tool: Tool;
  /** The arguments' value; absent for `list`, and for a call without arguments it is an empty object. */
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
