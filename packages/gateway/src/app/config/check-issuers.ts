import { isThisMachine } from '../../lib/net/client-for.js';
import { addressFindings } from './check-addresses.js';
import { isLoopback } from './is-loopback.js';
import type { Finding } from './issues-to-findings.js';
import { memberAt } from './raw-members.js';

/** Issuers whose tokens would be taken for another's, or whose keys would come over a way that anybody can change. */
export function checkIssuers(raw: unknown): Finding[] {
  const given: unknown = memberAt(raw, 'auth', 'issuers');
  const issuers: readonly unknown[] = Array.isArray(given) ? given : [];
  const signIn = memberAt(raw, 'auth', 'signIn');
  if (issuers.length === 0 && signIn === undefined) return [];
  return [
    ...checkSignIn(signIn, issuers),
    ...issuers.flatMap((issuer: unknown, index) => [
      ...checkTwins(issuers, index),
      ...checkReach(issuer, ['auth', 'issuers', index]),
    ]),
    ...checkPublicUrl(raw),
  ];
}

/** The same names from two issuers would be one principal. */
function checkTwins(issuers: readonly unknown[], index: number): Finding[] {
  const one = issuers[index];
  return (['issuer', 'prefix'] as const).flatMap((field): Finding[] => {
    const value = textAt(one, field);
    const isTwin = (other: string) => (field === 'issuer' ? other === value : overlap(value, other));
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

/** Whoever signs in must not bear the name of somebody else: the same names are the same people of one issuer only. */
function checkSignIn(signIn: unknown, issuers: readonly unknown[]): Finding[] {
  if (signIn === undefined) return [];
  const path = ['auth', 'signIn'];
  const prefix = textAt(signIn, 'prefix');
  const twin = issuers.findIndex(
    (other) => overlap(prefix, textAt(other, 'prefix')) && !areSamePeople(signIn, other),
  );
  const reach = checkReach(signIn, path);
  if (twin < 0) return reach;
  const found = JSON.stringify(prefix);
  const expected = 'a prefix of its own, of which none begins with another, so that no name is of two people';
  const other = JSON.stringify(textAt(issuers[twin], 'prefix'));
  const message = `found ${found} where auth.issuers[${twin}] has ${other}; expected ${expected}`;
  return [...reach, { path: [...path, 'prefix'], found, expected, message }];
}

/** Tokens of the issuer that people sign in at are theirs, where both are read alike. */
function areSamePeople(signIn: unknown, issuer: unknown): boolean {
  const named = (one: unknown) => memberAt(one, 'claims', 'principal') ?? 'sub';
  return (
    (['issuer', 'prefix'] as const).every((field) => textAt(signIn, field) === textAt(issuer, field)) &&
    named(signIn) === named(issuer)
  );
}

/** One can call somebody by what the other has for a prefix. */
function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
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
