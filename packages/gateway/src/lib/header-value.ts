import { isUtf8 } from 'node:buffer';

const sentinelStart = '=?base64?';
const sentinelEnd = '?=';
const strictBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Writes a value so that it survives as an HTTP header: as it is when it is plain ASCII, else `=?base64?…?=`. */
export function encodeHeaderValue(value: string): string {
  const looksEncoded = value.startsWith(sentinelStart) && value.endsWith(sentinelEnd);
  if (plain.test(value) && !looksEncoded) return value;
  return `${sentinelStart}${Buffer.from(value, 'utf8').toString('base64')}${sentinelEnd}`;
}

/**
 * Decodes an `Mcp-Name` or `Mcp-Param-*` value: plain printable ASCII, or `=?base64?…?=` around the UTF-8 of any text.
 * Undefined for anything else, Base64 that is not strict and canonical included.
 */
export function decodeHeaderValue(value: string): string | undefined {
  if (!value.startsWith(sentinelStart) || !value.endsWith(sentinelEnd)) {
    return /^[\x20-\x7e]*$/.test(value) ? value : undefined;
  }
  const encoded = value.slice(sentinelStart.length, -sentinelEnd.length);
  if (!strictBase64.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded || !isUtf8(bytes)) return undefined;
  return bytes.toString('utf8');
}
