import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Broker } from './broker.js';
import { parseConfiguredValue } from './configured-value.js';

/**
 * Whether `mac` is the HMAC-SHA-256 of a text, in lower-case hexadecimal, with the secret of a reference. Compares in
 * constant time; rejects when the secret cannot be had.
 */
export async function isSigned(
  broker: Pick<Broker, 'resolve'>,
  reference: string,
  { text, mac }: { readonly text: string; readonly mac: string },
): Promise<boolean> {
  const secret = await broker.resolve(parseConfiguredValue(reference), 'variable');
  const expected = createHmac('sha256', secret.reveal()).update(text, 'utf8').digest();
  const given = /^[0-9a-f]{64}$/.test(mac) ? Buffer.from(mac, 'hex') : Buffer.alloc(0);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
