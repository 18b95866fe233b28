import { describe, expect, test } from 'vitest';
import { NetworkFault, parseNetwork } from './networks.js';

describe('a network', () => {
  test('holds its addresses, however an IPv6 one is written', () => {
    expect(parseNetwork('10.0.0.0/8').has('10.255.0.1')).toBe(true);
    expect(parseNetwork('10.0.0.0/8').has('11.0.0.1')).toBe(false);
    expect(parseNetwork('10.0.0.0/8').has('::ffff:10.0.0.1')).toBe(true);
    expect(parseNetwork('2001:db8::/32').has('2001:0DB8:0:0:0:0:0:1')).toBe(true);
    expect(parseNetwork('2001:db8::/32').has('2001:db9::1')).toBe(false);
    expect(parseNetwork('192.0.2.7').has('192.0.2.7')).toBe(true);
    expect(parseNetwork('192.0.2.7').has('192.0.2.8')).toBe(false);
    expect(parseNetwork('0.0.0.0/0').has('203.0.113.9')).toBe(true);
  });

  test.each([
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '127.0.0.1 ',
    'localhost',
    '',
    'fe80::1%eth0',
    '10.0.0.0/8',
  ])('says nothing about %j', (address) => {
    expect(() => parseNetwork('10.0.0.0/8').has(address)).toThrow(NetworkFault);
  });

  test.each([
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '2001:db8::/129',
    'x/8',
    '10.0/8',
    '10.0.0.0/8.0',
  ])('is not %j', (text) => {
    expect(() => parseNetwork(text)).toThrow(NetworkFault);
  });
});
