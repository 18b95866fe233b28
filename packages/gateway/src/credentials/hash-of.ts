import { createHash } from 'node:crypto';
import type { Secret } from '../model/secret.js';

/** SHA-256 of the value's UTF-8 bytes: lets others compare a presented value with a secret they never hold. */
export function hashOf(secret: Secret): Buffer {
  return createHash('sha256').update(secret.reveal(), 'utf8').digest();
}
