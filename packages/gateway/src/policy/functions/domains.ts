import { remembered } from './remembered.js';

const longestUrl = 2_048;
const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const domain = new RegExp(`^(?:${label}\\.)*${label}$`);
const mailbox = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9.-]{1,253})$/;

class DomainFault extends Error {}

/**
 * The host of a URL in lower case, an IPv6 address without brackets. Throws DomainFault for what two programs could read
 * differently: user names, backslashes, blanks, encoded hosts.
 */
export function domainOf(url: string): string {
  const [, authority = ''] = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(url) ?? [];
  if (url.length > longestUrl || authority === '' || /[\s\p{Cc}\p{Cf}\\]/u.test(url)) {
    throw new DomainFault('is no plain absolute URL');
  }
  if (/[@%]/.test(authority)) throw new DomainFault('is a URL with a user name or an encoded host');
  if (authority.normalize('NFKC') !== authority || /[\u3002\uff61]/.test(authority))
    throw new DomainFault('is a URL with look-alike characters in its host');
  const { hostname } = parseUrl(url);
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return asDomain(hostname);
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new DomainFault('is no plain absolute URL');
  }
}

/** The domain of exactly one plain address in lower case; throws DomainFault for display names, lists and look-alikes. */
export function emailDomain(address: string): string {
  const [, found] = mailbox.exec(address) ?? [];
  if (found === undefined || !found.includes('.')) throw new DomainFault('is no single plain e-mail address');
  return asDomain(found);
}

/** Throws DomainFault for what is no pattern: a domain, or `*.` and a domain for all below it. */
export const parseDomainPattern = remembered(createDomainPattern);

function createDomainPattern(pattern: string): (name: string) => boolean {
  const below = pattern.startsWith('*.');
  const written = below ? pattern.slice(2) : pattern;
  if (!domain.test(written)) {
    throw new DomainFault('is no domain in lower case such as "corp.example" or "*.corp.example"');
  }
  if (!below) return (name) => name === written;
  return (name) => name.length > written.length + 1 && name.endsWith(`.${written}`);
}

/** Whether a domain fits a pattern; case and the dot of the root are of no account. */
export function matchesDomain(name: string, pattern: string): boolean {
  return parseDomainPattern(pattern)(asDomain(name));
}

function asDomain(text: string): string {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length <= 253 && /^[\x21-\x7e]*$/.test(text) && domain.test(name)) return name;
  throw new DomainFault('is no domain name');
}
