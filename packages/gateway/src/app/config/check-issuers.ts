import { isThisMachine } from '../../lib/net/client-for.js';
import { addressFindings } from './check-addresses.js';
import { isLoopback } from './is-loopback.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt } from './raw-members.js';

/** Issuers whose tokens would be taken for another's, or whose keys would come over a way that anybody can change. */
export function checkIssuers(raw: unknown): Finding[] {
  const issuers: unknown = memberAt(raw, 'auth', 'issuers');
  if (!Array.isArray(issuers) || issuers.length === 0) return [];
  return [
    ...issuers.flatMap((issuer: unknown, index) => [
      ...checkTwins(issuers, index),
      ...checkReach(issuer, ['auth', 'issuers', index]),
    ]),
    ...checkPublicUrl(raw),
  ];
}

/** The same names from two issuers would be one principal: one can call somebody by what the other has for a prefix. */
function checkTwins(issuers: readonly unknown[], index: number): Finding[] {
  const one = issuers[index];
  return (['issuer', 'prefix'] as const).flatMap((field): Finding[] => {
    const value = textAt(one, field);
    const isTwin = (other: string) =>
      field === 'issuer' ? other === value : other.startsWith(value) || value.startsWith(other);
    const first = issuers.slice(0, index).findIndex((other) => isTwin(textAt(other, field)));
    if (first === -1) return [];
    const found = JSON.stringify(value);
    const expected =
      field === 'prefix'
        ? 'a prefix of its own, of which none begins with another, so that no name is of two issuers'
        : 'each issuer once';
    const other = JSON.stringify(textAt(issuers[first], field));
    const message = `found ${found} where auth.issuers[${first}] has ${other}; expected ${expected}`;
    return [{ path: ['auth', 'issuers', index, field], found, expected, message }];
  });
}

function textAt(issuer: unknown, field: 'issuer' | 'prefix'): string {
  const text: unknown = memberAt(issuer, field);
  return typeof text === 'string' ? text : '';
}

/** Where a provider is, and how the way there is guarded. */
function checkReach(provider: unknown, path: Finding['path']): Finding[] {
  const plain = memberAt(provider, 'plainHttp') === true;
  const urls = (['issuer', 'jwksUri'] as const).flatMap((field): Finding[] => {
    const text: unknown = memberAt(provider, field);
    if (typeof text !== 'string' || !URL.canParse(text)) return [];
    const url = new URL(text);
    if (url.protocol === 'https:' || plain || isThisMachine(url)) return [];
    const found = JSON.stringify(text);
    const expected = 'https://, or plainHttp: true beside it';
    return [{ path: [...path, field], found, expected, message: `found ${found}; expected ${expected}` }];
  });
  return [...urls, ...addressFindings(memberAt(provider, 'addresses'), [...path, 'addresses'])];
}

/** Clients are told where the gateway is; an address such as 0.0.0.0 tells them nothing. */
function checkPublicUrl(raw: unknown): Finding[] {
  const host = memberAt(raw, 'listen', 'host') ?? '127.0.0.1';
  if (memberAt(raw, 'auth', 'publicUrl') !== undefined || typeof host !== 'string' || isLoopback(host))
    return [];
  const expected = 'the URL under which clients know this gateway, since it listens beyond this machine';
  return [{ path: ['auth', 'publicUrl'], expected, message: `missing; expected ${expected}` }];
}
