import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** An API key as its holder knows it. */
export interface KeyText {
  /** By which the key is looked up and named; not secret. */
  readonly id: string;
  readonly text: string;
}

const pattern = /^sp_[a-z0-9]{1,16}_([a-z0-9]{8})_[A-Za-z0-9_-]{43}_([0-9A-Za-z]{6})$/;
const idAlphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A new key: `sp_<environment>_<id>_<secret>_<check>`. The secret is 32 random bytes in base64url; the check is the
 * CRC-32 of everything before its underscore, in base 62 with six digits, so that typing errors and secret scanners
 * need no database.
 */
export function newKeyText(environment: string): KeyText {
  const id = Array.from({ length: 8 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('');
  const body = `sp_${environment}_${id}_${randomBytes(32).toString('base64url')}`;
  const text = `${body}_${checkOf(body)}`;
  if (!pattern.test(text)) {
    throw new RangeError(`the environment of a key is "${environment}"; expected 1 to 16 of a-z and 0-9`);
  }
  return { id, text };
}

/** The id in a key's text, or undefined for what is no key of ours or was mistyped. */
export function keyIdIn(text: string): string | undefined {
  const [, id, check] = pattern.exec(text) ?? [];
  return check === checkOf(text.slice(0, -7)) ? id : undefined;
}

/** What is stored of a key. Fast on purpose: 256 random bits need no slow hash, and a slow one could be abused. */
export function hashKey(pepper: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', pepper).update(text).digest();
}

function checkOf(body: string): string {
  let rest = crc32(body);
  let check = '';
  for (let digit = 0; digit < 6; digit += 1) {
    check = base62.charAt(rest % 62) + check;
    rest = Math.floor(rest / 62);
  }
  return check;
}
