import type { Target } from './target.js';

/** What is known of a target by name; `resource` and `template` have URIs for names. */
export type NamedTarget = Pick<Target, 'kind' | 'exposedName' | 'upstream' | 'name'>;

/**
 * What one caller did so far, over all its connections: the calls that were let through, in the order of their decisions.
 * Kept in memory only and bounded: what can no longer be told for certain throws HistoryFault.
 */
export interface History {
  /** How many calls went to targets that `means` says yes to, since an instant (milliseconds since the epoch) or ever. */
  count(means: (target: NamedTarget) => boolean, since?: number): number;
  /** The target of the latest call. */
  last(): NamedTarget | undefined;
  /** Whether a result of such a target held one of these data handles. */
  gave(handles: Iterable<string>, means: (target: NamedTarget) => boolean): boolean;
}

/** What happened is no longer known in full; the message is a reason without values. */
export class HistoryFault extends Error {}
