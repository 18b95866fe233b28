/// <reference lib="es2024.string" />
import { createHash } from 'node:crypto';

/** Foreign strings in a record are at most this long, in UTF-8 bytes. */
const longestBytes = 1024;

/** The text itself, or for a long one its digest and length, so that a record stays small whatever a caller sends. */
export function clip(foreign: string): string {
  // Half a surrogate pair has no RFC 8785 form, and a record without one could not be kept.
  const text = foreign.toWellFormed();
  const bytes = Buffer.byteLength(text);
  if (bytes <= longestBytes) return text;
  return `sha256:${createHash('sha256').update(text).digest('base64url')} (${bytes} bytes)`;
}
