import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A UUID version 7: sortable by time, unique. */
export function newId(): string {
  return v7();
}

/** `bytes` random bytes as unpadded base64url. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** A number from 0 to below 1, for spreading retries; not for secrets. */
export function randomFraction(): number {
  return Math.random();
}
