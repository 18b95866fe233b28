import type { Trail } from '../audit/trail.js';
import type { Redactor } from '../inspection/redactor.js';
import type { Clock } from '../lib/clock.js';
import type { ConcurrencyCaps, ConcurrencyLimits } from '../limits/concurrency-limits.js';
import type { Decision, Question } from '../model/decision.js';
import type { Log } from '../model/log.js';
import type { AttachedCredential } from '../model/upstream.js';
import type { Upstreams } from '../upstreams/upstreams.js';
import type { ArgumentCheck } from './argument-check.js';

/** Everything of one configuration that a call looks at. Taken once per call, so a call sees one whole revision. */
export interface Snapshot {
  /** The one decision function: of every call, every list and every look at what a caller may see. */
  readonly decide: (question: Question) => Decision;
  readonly caps: ConcurrencyCaps;
  readonly timeoutMsOf: (upstream: string) => number;
  readonly attachCredential: (upstream: string) => Promise<AttachedCredential>;
}

/** What the pipeline works with. Only app/ builds one. */
export interface House {
  readonly snapshot: () => Snapshot;
  readonly limits: ConcurrencyLimits;
  readonly upstreams: Pick<Upstreams, 'locate' | 'tools' | 'forward' | 'revision'>;
  readonly argumentCheck: ArgumentCheck;
  readonly redactor: Redactor;
  readonly trail: Trail;
  readonly clock: Clock;
  readonly log: Log;
}
