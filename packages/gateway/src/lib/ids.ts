import { randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Randomness is drawn for many ids at a time: asking for 16 bytes costs as much as for 4,096. */
const pool = new Uint8Array(4096);
const bytesPerId = 16;
let used = pool.length;

/** A UUID version 7: sortable by time, unique. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytesPerId;
  return v7({ random: pool.subarray(used - bytesPerId, used) });
}

/** `bytes` random bytes as unpadded base64url. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** A number from 0 to below 1, for spreading retries; not for secrets. */
export function randomFraction(): number {
  return Math.random();
}
