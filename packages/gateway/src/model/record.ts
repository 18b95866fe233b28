import type { JsonObject } from './json.js';

/** The closed list of event types in the audit trail (a later Merkle log covers the same events). */
export const recordTypes = [
  'auth.failed',
  'call.received_invalid',
  'call.decided',
  'call.question',
  'call.answer',
  'call.outcome',
  'list.answered',
  'gateway.started',
  'gateway.stopped',
  'hold.created',
  'hold.voted',
  'hold.approved',
  'hold.denied',
  'hold.expired',
  'hold.cancelled',
  'hold.stale',
  'hold.answer_refused',
  'hold.replayed',
  'hold.notice_failed',
  'key.created',
  'key.rotated',
  'key.revoked',
  'kill.thrown',
  'kill.lifted',
  'pin.accepted',
  'pin.rejected',
  'pin.forgotten',
  'payment.authorized',
  'payment.refused',
  'person.signed_in',
  'person.signed_out',
  'policy.changed',
  'policy.rejected',
  'session.created',
  'session.revoked',
  'upstream.added',
  'upstream.changed',
  'upstream.removed',
  'standing.created',
  'standing.refused',
  'standing.revoked',
  'upstream.up',
  'upstream.down',
  'upstream.tool_rejected',
  'upstream.tool_quarantined',
] as const;

export type RecordType = (typeof recordTypes)[number];

/**
 * One event of the audit trail. Members are lower-case ASCII, absent rather than null, times RFC 3339 UTC with
 * milliseconds; the store writes them in RFC 8785 form. Foreign strings are at most 1 KiB.
 */
export interface AuditRecord extends JsonObject {
  v: 1;
  type: RecordType;
  /** RFC 3339, UTC, milliseconds. */
  at: string;
  /** Which process wrote it. */
  writer: string;
  log: string;
  tenant: string;
}

/** What of a call's content goes with its record: kept apart, so that it can be erased while the record stays. */
export interface RecordPayload {
  readonly part: 'args' | 'result';
  /** JSON text to keep; absent when only the commitment is kept, which the record then already holds. */
  readonly text?: string;
  /** base64url salt of a commitment made before the entry was handed over. */
  readonly salt?: string;
}

/** One durable unit: the record and its payloads, written together or not at all. */
export interface JournalEntry {
  /** Unique; writing the same entry twice leaves one record. */
  readonly id: string;
  /** The call the record belongs to, for queries. */
  readonly call?: string;
  /** The record, or its JSON text where that is written already. */
  readonly record: AuditRecord | string;
  readonly payloads?: readonly RecordPayload[];
}

/** An entry as it is read back. */
export interface ReadEntry extends JournalEntry {
  readonly record: AuditRecord;
}
