import { hash, randomFillSync } from 'node:crypto';

/** What stays in a record when the content is erased. */
export interface Commitment {
  /** base64url of SHA-256 over 0x10, the salt and the UTF-8 of the content's RFC 8785 form. */
  readonly d: string;
  /** Bytes of that form. */
  readonly n: number;
}

const domain = 0x10;
const saltBytes = 32;
const textAt = 1 + saltBytes;

/** What is hashed is laid out here, unless it is too long; nothing of it outlives a call. */
const scratch = Buffer.allocUnsafeSlow(2 ** 14);

/** Salts are drawn many at a time: asking for one costs as much as for all of them. */
const saltsPerDraw = 128;
let drawn = Buffer.alloc(0);
let used = 0;

export function commitTo(canonical: string, salt: Uint8Array): Commitment {
  if (salt.length !== saltBytes) throw new RangeError(`a salt has ${saltBytes} bytes`);
  const most = textAt + canonical.length * 3;
  const input = most <= scratch.length ? scratch : Buffer.allocUnsafe(most);
  input[0] = domain;
  input.set(salt, 1);
  const n = input.write(canonical, textAt);
  return { d: hash('sha256', input.subarray(0, textAt + n), 'base64url'), n };
}

/** 32 random bytes that nobody else holds. */
export function newSalt(): Uint8Array {
  if (used === drawn.length) {
    drawn = randomFillSync(Buffer.allocUnsafeSlow(saltsPerDraw * saltBytes));
    used = 0;
  }
  used += saltBytes;
  return drawn.subarray(used - saltBytes, used);
}
