import type { ApprovalTerms, Limit } from '../model/obligation.js';
import type { Role } from '../model/principal.js';
import type { SessionScope } from '../model/session.js';

/** One rule as configured, in the gateway's own form; every dialect is translated into it. */
export interface RuleSpec {
  readonly id: string;
  readonly match: RuleMatch;
  /** A CEL condition; without one the rule applies to all it matches. See docs/policy.md for what it can read and call. */
  readonly when?: string;
  /** Schedules (see schedule.ts) of which one must be open for the rule to apply. */
  readonly during?: readonly string[];
  readonly effect: RuleEffect;
  /** A sentence for callers who are refused, or for the person who is asked. */
  readonly reason?: string;
  /** Evaluated and recorded, never enforced. */
  readonly shadow?: boolean;
  /** What calls that it allows or lets ask for must keep to, whichever rule decides. */
  readonly limits?: readonly Limit[];
  /** How a person is asked, for rules that ask. */
  readonly approval?: ApprovalTerms;
  /** Where the rule stands, for messages. */
  readonly origin?: RuleOrigin;
  /** Absent for rules of the file, which are about the callers of all tenants. */
  readonly layer?: RuleLayer;
}

/** Where a rule comes from that was made over REST. */
export interface RuleLayer {
  readonly tenant: string;
  /** The rule is about callers of this tenant; `others`: of all tenants but this one. */
  readonly callers: 'own' | 'others';
  /** The policy that holds the rule, and its place among the rules there. */
  readonly policy: string;
  readonly index: number;
}

/**
 * `limit` and `confirm` give no verdict: their limits, or that the caller's own user must confirm the call, go with
 * whatever other rules, or the default, let pass.
 */
export type RuleEffect = 'allow' | 'ask' | 'deny' | 'hide' | 'limit' | 'confirm';

/** Whether rules of this effect only add to what lets a call pass. */
export function givesNoVerdict(effect: string): effect is 'limit' | 'confirm' {
  return effect === 'limit' || effect === 'confirm';
}

/**
 * What a rule is about. Everything that is present must match (and); within a list any entry will do (or). Entries are
 * names with wildcards or regular expressions (see name-pattern.ts).
 * `tools`, `prompts` and `resources` together say which targets; a rule without them and without `methods` is about
 * everything that clients call, and never about what upstreams ask clients: that has to be named in `methods`.
 */
export interface RuleMatch {
  /**
   * The exposed name (`fs__read_file`), or the upstream's id and its own name for the tool (`fs:read_file`). Rules other
   * than those that allow also match the upstream's own name alone (`read_file`).
   */
  readonly tools?: readonly string[];
  /** Names of prompts, as those of tools. */
  readonly prompts?: readonly string[];
  /** URIs of resources; templates are matched by the URIs they stand for. */
  readonly resources?: readonly string[];
  readonly methods?: readonly string[];
  readonly upstreams?: readonly string[];
  readonly principals?: readonly string[];
  /** Labels of the caller: each must be there, with a value among these. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  readonly roles?: readonly Role[];
  /** Scopes of which the caller's session has one; without a session it has none. */
  readonly scopes?: readonly SessionScope[];
  /** Labels of the caller's session, as those of the caller. */
  readonly sessionLabels?: Readonly<Record<string, readonly string[]>>;
  /** What the upstream says of a tool; what it leaves out counts as the protocol's default. Only tools have any. */
  readonly annotations?: AnnotationMatch;
}

export interface AnnotationMatch {
  readonly readOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly openWorld?: boolean;
}

export interface RuleOrigin {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Where its parts stand, by dotted path within the rule: `match.tools.0`. */
  readonly parts?: Readonly<Record<string, RulePlace>>;
}

export interface RulePlace {
  readonly line: number;
  readonly column: number;
}

export interface PolicySpec {
  /** What applies where no rule gives a verdict. */
  readonly default: 'allow' | 'deny';
  readonly rules: readonly RuleSpec[];
  /** Methods of extensions that are relayed, which `match.methods` may name. */
  readonly relayedMethods?: readonly string[];
}
