import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { JsonObject } from '../model/json.js';
import { isJsonObject, JsonFault, parseJson } from './json/parse-json.js';

/**
 * Seals small JSON objects that strangers carry: unreadable, and of no use once changed (AES-256-GCM). The nonces are
 * random, so one key is good for 2^32 seals; a key of a process, made when it starts, never gets near that.
 */
export class Seal {
  readonly #key: Uint8Array;
  readonly #context: Buffer;

  /** Throws RangeError for a key that has not 32 bytes. What was sealed in one context does not open in another. */
  constructor(key: Uint8Array, context: string) {
    if (key.length !== keyBytes) throw new RangeError(`a key has ${keyBytes} bytes`);
    this.#key = key;
    this.#context = Buffer.from(context);
  }

  /** A text of `[A-Za-z0-9._-]`; throws TypeError for a value that holds a bigint. */
  close(value: JsonObject): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#key, nonce);
    cipher.setAAD(this.#context);
    const sealed = Buffer.concat([nonce, cipher.update(JSON.stringify(value)), cipher.final()]);
    return `${version}${Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')}`;
  }

  /** Undefined for every text that this key did not seal in this context. */
  open(text: string): JsonObject | undefined {
    if (text.length > longestText || !text.startsWith(version)) return undefined;
    const encoded = text.slice(version.length);
    const bytes = Buffer.from(encoded, 'base64url');
    // Decoding skips what is not Base64, and one text only may stand for the bytes.
    if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== encoded) return undefined;
    const opened = this.#decipher(bytes);
    return opened === undefined ? undefined : readObject(opened);
  }

  #decipher(bytes: Buffer): string | undefined {
    const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, nonceBytes));
    decipher.setAAD(this.#context);
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const clear = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
    try {
      return Buffer.concat([clear, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}

/** A random key, to be kept in memory only. */
export function newSealKey(): Uint8Array {
  return randomBytes(keyBytes);
}

const keyBytes = 32;
const algorithm = 'aes-256-gcm';
const version = 's1.';
const nonceBytes = 12;
const tagBytes = 16;
/** In UTF-16 units; longer texts are not even decoded. */
const longestText = 8192;

function readObject(text: string): JsonObject | undefined {
  try {
    const { value } = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch (cause) {
    if (cause instanceof JsonFault) return undefined;
    throw cause;
  }
}
