import type { Effect } from '../model/decision.js';

/** One rule as configured, in the gateway's own form; every dialect is translated into it. */
export interface RuleSpec {
  readonly id: string;
  readonly match: RuleMatch;
  /** A CEL condition over `args`, `call`, `principal`, `tool` and `now`; without one the rule applies to all it matches. */
  readonly when?: string;
  readonly effect: Effect;
  /** A sentence for callers who are refused. */
  readonly reason?: string;
  /** Where the rule stands, for messages. */
  readonly origin?: RuleOrigin;
}

/**
 * What a rule is about. Every list that is present must match (and); within a list any entry will do (or).
 * Entries are globs (see glob.ts).
 */
export interface RuleMatch {
  /**
   * The exposed name (`fs__read_file`), or the upstream's id and its own name for the tool (`fs:read_file`). Rules that
   * deny or hide also match the upstream's own name alone (`read_file`).
   */
  readonly tools?: readonly string[];
  readonly upstreams?: readonly string[];
  readonly principals?: readonly string[];
  readonly methods?: readonly string[];
}

export interface RuleOrigin {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface PolicySpec {
  /** What applies where no rule gives a verdict. */
  readonly default: 'allow' | 'deny';
  readonly rules: readonly RuleSpec[];
}
