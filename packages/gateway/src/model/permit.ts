import type { TargetKind } from './target.js';

declare const issued: unique symbol;

/**
 * Proof that a call was decided and recorded. Nothing is forwarded without one.
 * Invariant: only pipeline/stages/obtain-permit.ts makes it, after the record is durable (test/architecture.test.ts).
 */
export interface Permit {
  readonly [issued]: true;
  readonly callId: string;
  readonly upstream: string;
  readonly kind: TargetKind;
  /** The upstream's own name for the target. */
  readonly name: string;
  /** It runs because a person said yes to what they were shown. */
  readonly isApproved: boolean;
}
