import type { SqlRow, SqlValue } from './sqlite.js';

export type PinKind = 'tool' | 'prompt';

export interface PinKey {
  /** The upstream's id, or the name under which its pins are kept. */
  readonly upstream: string;
  readonly kind: PinKind;
  readonly name: string;
}

/** A decision about one digest. */
export interface PinDecision {
  readonly digest: string;
  /** Who decided: `cli:alice`, or `first-sight` and `follow` for the gateway itself. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What is known of one definition of one upstream. Times are milliseconds since the epoch. */
export interface Pin extends PinKey {
  readonly accepted?: PinDecision;
  readonly rejected?: PinDecision;
  /** Digest of the definition that the upstream offered last. */
  readonly offered: string;
  /** Whether the last list held it. */
  readonly present: boolean;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** A digest with the text that it is of: RFC 8785 form, without what does not count. */
export interface Definition {
  readonly digest: string;
  readonly text: string;
}

/** The definitions of a pin, read at one moment. */
export interface PinDefinitions {
  readonly accepted?: Definition;
  readonly offered: Definition;
}

/** A definition that was accepted before. */
export interface PastPin extends PinDecision {
  readonly definition: string;
  readonly endedAt: number;
}

/** What `toPin` reads. */
export const columns =
  'upstream, kind, name, accepted, accepted_by, accepted_at, rejected, rejected_by, rejected_at, offered, present, first_seen, last_seen';

/** A condition, of which `valuesOf` has the values. */
export const thatPin = 'upstream = ? AND kind = ? AND name = ?';

/** The values of `thatPin`. */
export function valuesOf({ upstream, kind, name }: PinKey): SqlValue[] {
  return [upstream, kind, name];
}

export function toPin(row: SqlRow): Pin {
  const accepted = decisionOf(row.accepted, row.accepted_by, row.accepted_at);
  const rejected = decisionOf(row.rejected, row.rejected_by, row.rejected_at);
  return {
    upstream: String(row.upstream),
    kind: row.kind as PinKind,
    name: String(row.name),
    ...(accepted === undefined ? {} : { accepted }),
    ...(rejected === undefined ? {} : { rejected }),
    offered: String(row.offered),
    present: Number(row.present) === 1,
    firstSeen: Number(row.first_seen),
    lastSeen: Number(row.last_seen),
  };
}

function decisionOf(
  digest: SqlValue | undefined,
  by: SqlValue | undefined,
  at: SqlValue | undefined,
): PinDecision | undefined {
  if (digest === null || digest === undefined) return undefined;
  return { digest: String(digest), by: String(by), at: Number(at) };
}
