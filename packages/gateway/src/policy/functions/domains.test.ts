import { describe, expect, test } from 'vitest';
import { domainOf, emailDomain, matchesDomain, parseDomainPattern } from './domains.js';

describe('the domain of a URL', () => {
  test('is its host in lower case, without port and the dot of the root', () => {
    expect(domainOf('https://API.Corp.example:8443/a?b#c')).toBe('api.corp.example');
    expect(domainOf('https://corp.example./')).toBe('corp.example');
    expect(domainOf('postgres://db.corp.example/x')).toBe('db.corp.example');
    expect(domainOf('http://[2001:DB8::1]:80/')).toBe('2001:db8::1');
    expect(domainOf('http://127.1/')).toBe('127.0.0.1');
    expect(domainOf('http://0x7f000001/')).toBe('127.0.0.1');
    expect(domainOf('https://b\u00fccher.example/')).toBe('xn--bcher-kva.example');
    expect(domainOf('https://c\u043erp.example/')).not.toBe('corp.example');
  });

  test.each([
    'corp.example',
    '/path',
    'https:corp.example',
    'https:///x',
    'https://corp.example@evil.example/',
    'https://user:pw@corp.example/',
    'https://evil.example\\@corp.example',
    'https://corp.example\n.evil.example/',
    ' https://corp.example/',
    'https://corp%2eexample/',
    'javascript:alert(1)',
    'https://corp\u3002example/',
    'https://\uff43orp.example/',
    `https://${'a'.repeat(3_000)}.example/`,
  ])('is not guessed: %j', (url) => {
    expect(() => domainOf(url)).toThrow();
  });
});

describe('the domain of an address', () => {
  test('is what stands behind the one @', () => {
    expect(emailDomain('a.b+c@Corp.example')).toBe('corp.example');
  });

  test.each([
    'a@corp.example,x@evil.example',
    'a@corp.example\r\nBcc: x@evil.example',
    '"x@evil.example" <a@corp.example>',
    'a@c\u043erp.example',
    'a@b@corp.example',
    'a@corp.example ',
    '"a b"@corp.example',
    'a@localhost',
    '@corp.example',
    'corp.example',
    'a@-corp.example',
    'a@corp..example',
  ])('is not guessed: %j', (address) => {
    expect(() => emailDomain(address)).toThrow();
  });
});

describe('a pattern for domains', () => {
  test('is a domain, or all below it', () => {
    expect(matchesDomain('corp.example', 'corp.example')).toBe(true);
    expect(matchesDomain('CORP.example.', 'corp.example')).toBe(true);
    expect(matchesDomain('a.corp.example', 'corp.example')).toBe(false);
    expect(matchesDomain('a.b.corp.example', '*.corp.example')).toBe(true);
    expect(matchesDomain('corp.example', '*.corp.example')).toBe(false);
    expect(matchesDomain('evilcorp.example', '*.corp.example')).toBe(false);
    expect(matchesDomain('corp.example.evil.example', '*.corp.example')).toBe(false);
  });

  test.each(['', '*', '*.', 'Corp.example', '.corp.example', 'corp.*', '*corp.example', 'a b'])(
    'is not %j',
    (pattern) => {
      expect(() => parseDomainPattern(pattern)).toThrow();
    },
  );

  test('says nothing about what is no domain', () => {
    for (const name of ['', 'a b', 'c\u043erp.example', 'a\n.example', '..']) {
      expect(() => matchesDomain(name, 'corp.example')).toThrow();
    }
  });
});
