import { isJsonObject, JsonFault, parseJson } from '../lib/json/parse-json.js';
import type { JsonObject } from '../model/json.js';
import { AuthenticationFailure } from './authentication-failure.js';

/** A token that looks like a signed JWT; nothing of it is believed yet. */
export interface UnverifiedJwt {
  readonly text: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

const shape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const longest = 8192;

/**
 * Reads the parts of a JWT; undefined for what is none. Throws `malformed` for one that two readers could understand
 * differently: names that stand twice, bytes that are no UTF-8, base64 with something left over.
 */
export function readJwt(text: string): UnverifiedJwt | undefined {
  if (!shape.test(text)) return undefined;
  const [header = '', claims = '', signature = ''] = text.split('.');
  if (text.length > longest || signature === '') throw malformed('shape');
  return { text, header: readPart(header), claims: readPart(claims) };
}

function readPart(part: string): JsonObject {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw malformed('base64');
  try {
    const { value } = parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    if (isJsonObject(value)) return value;
  } catch (cause) {
    if (!(cause instanceof JsonFault || cause instanceof TypeError)) throw cause;
  }
  throw malformed('JSON');
}

function malformed(what: string): AuthenticationFailure {
  return new AuthenticationFailure('malformed', { detail: `jwt: ${what}` });
}
