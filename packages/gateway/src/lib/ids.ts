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

/** Four letters that can be read aloud, of 10,000 such words: enough that nobody types the right one by accident. */
export function randomWord(): string {
  const [a = 0, b = 0, c = 0, d = 0] = randomBytes(4);
  return [consonants[a % 20], vowels[b % 5], consonants[c % 20], vowels[d % 5]].join('');
}

const consonants = 'bcdfghjklmnpqrstvwxz';
const vowels = 'aeiou';
