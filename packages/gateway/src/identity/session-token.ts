import { createHash } from 'node:crypto';
import { randomToken } from '../lib/ids.js';

/** 192 random bits. */
const tokenBytes = 24;
const pattern = /^ses_[\w-]{32}$/;

export function newSessionToken(): string {
  return `ses_${randomToken(tokenBytes)}`;
}

export function isSessionToken(text: string): boolean {
  return pattern.test(text);
}

/** What is stored: a token has so many random bits that a plain digest gives nothing away. */
export function digestOfToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** The name of a session, made of the digest of its token. */
export function idOfDigest(digest: Buffer): string {
  return `sn_${digest.subarray(0, 12).toString('base64url')}`;
}
