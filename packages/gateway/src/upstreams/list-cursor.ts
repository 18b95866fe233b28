import { createHmac, timingSafeEqual } from 'node:crypto';

/** One page of a list, and the cursor of the next where there is one. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** What a cursor is good for: nothing else of it can be had with the cursor. */
export interface CursorScope {
  readonly endpoint: string | undefined;
  readonly tenant: string;
  /** The principal's id. */
  readonly principal: string;
  /** Which list. */
  readonly kind: string;
  /** The catalogue's, so that a cursor ends with the list that it is of. */
  readonly revision: number;
}

export interface PageTerms {
  /** Absent for the first page. */
  readonly cursor: string | undefined;
  /** Items per page, at least 1. */
  readonly size: number;
  /** Random bytes of this process. */
  readonly key: Uint8Array;
  readonly scope: CursorScope;
}

/** A cursor that nobody was given for this list as it is now. */
export class CursorFault extends Error {
  constructor() {
    super('Unknown cursor: it is not of this list, or the list has changed; ask for the first page again');
    this.name = 'CursorFault';
  }
}

const macBytes = 16;

/**
 * Cuts a page out of a complete list; a list that fits one page is given as it is. Throws CursorFault. A cursor is the
 * place where the page begins and an HMAC over that and its scope, so it tells nothing and cannot be made up.
 */
export function pageOf<Item>(items: readonly Item[], terms: PageTerms): ListPage<Item> {
  const start = terms.cursor === undefined ? 0 : placeOf(terms.cursor, terms);
  if (start === 0 && items.length <= terms.size) return { items };
  const end = start + terms.size;
  const page = items.slice(start, end);
  return end < items.length ? { items: page, nextCursor: cursorAt(end, terms) } : { items: page };
}

function placeOf(cursor: string, terms: PageTerms): number {
  const bytes = Buffer.from(cursor, 'base64url');
  // Decoding ignores what it does not know, so the text must be the one that the bytes would be written as.
  if (bytes.length !== 4 + macBytes || bytes.toString('base64url') !== cursor) throw new CursorFault();
  const place = bytes.readUInt32BE(0);
  if (!timingSafeEqual(bytes.subarray(4), macOf(place, terms))) throw new CursorFault();
  return place;
}

function cursorAt(place: number, terms: PageTerms): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(place);
  return Buffer.concat([bytes, macOf(place, terms)]).toString('base64url');
}

function macOf(place: number, { key, scope }: PageTerms): Buffer {
  const { endpoint, tenant, principal, kind, revision } = scope;
  const text = JSON.stringify([place, endpoint ?? null, tenant, principal, kind, revision]);
  return createHmac('sha256', key).update(text).digest().subarray(0, macBytes);
}
