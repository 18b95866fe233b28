import type { Trail } from '../audit/trail.js';
import type { Redactor } from '../inspection/redactor.js';
import type { Clock } from '../lib/clock.js';
import type { ConcurrencyLimits } from '../limits/concurrency-limits.js';
import type { Log } from '../model/log.js';
import type { AttachedCredential } from '../model/upstream.js';
import type { Policy } from '../policy/policy.js';
import type { Upstreams } from '../upstreams/upstreams.js';
import type { ArgumentCheck } from './argument-check.js';

/** Everything of one configuration that a call looks at. Taken once per call, so a call sees one whole revision. */
export interface Snapshot {
  readonly policy: Policy;
  readonly limits: ConcurrencyLimits;
  readonly timeoutMsOf: (upstream: string) => number;
  readonly attachCredential: (upstream: string) => Promise<AttachedCredential>;
}

/** What the pipeline works with. Only app/ builds one. */
export interface House {
  readonly snapshot: () => Snapshot;
  readonly upstreams: Pick<Upstreams, 'locate' | 'tools' | 'forward' | 'revision'>;
  readonly argumentCheck: ArgumentCheck;
  readonly redactor: Redactor;
  readonly trail: Trail;
  readonly clock: Clock;
  readonly log: Log;
}
