import { isAddressRange } from '../../lib/net/address-rules.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt, members } from './raw-members.js';

/** Addresses and ranges that are none would make a guard that nobody meant. */
export function addressFindings(texts: unknown, path: Finding['path']): Finding[] {
  if (!Array.isArray(texts)) return [];
  return texts.flatMap((text: unknown, index): Finding[] => {
    if (typeof text !== 'string' || isAddressRange(text)) return [];
    const found = JSON.stringify(text);
    const expected = 'an address or a range such as 10.0.0.0/8';
    return [{ path: [...path, index], found, expected, message: `found ${found}; expected ${expected}` }];
  });
}

/** Those of the upstreams. */
export function checkUpstreamAddresses(raw: unknown): Finding[] {
  return Object.entries(members(memberAt(raw, 'upstreams'))).flatMap(([id, upstream]) =>
    addressFindings(memberAt(upstream, 'addresses'), ['upstreams', id, 'addresses']),
  );
}
