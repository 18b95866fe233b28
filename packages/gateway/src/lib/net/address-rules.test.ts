import { describe, expect, test } from 'vitest';
import { addressRules, isAddressRange } from './address-rules.js';

describe('addresses', () => {
  const rules = addressRules([]);

  test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'])(
    '%s is allowed',
    (address) => {
      expect(rules.whyNot(address)).toBeUndefined();
    },
  );

  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(rules.whyNot(address)).toEqual(expect.any(String));
  });

  test('a range that is written down is allowed, and nothing beside it', () => {
    const some = addressRules(['10.1.0.0/16', '127.0.0.1', 'fd00::/8']);
    expect(['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', 'fd12::1'].map((one) => some.whyNot(one))).toEqual(
      Array(4).fill(undefined),
    );
    expect(['10.2.0.1', '127.0.0.2', '::1'].every((one) => some.whyNot(one) !== undefined)).toBe(true);
  });

  test('says what kind of address it is', () => {
    expect(rules.whyNot('100.64.0.1')).toBe(
      '100.64.0.1 is a carrier grade nat address, to which connections are not allowed',
    );
  });

  test('only addresses and ranges can be allowed', () => {
    expect(['10.0.0.0/8', '::1', '10.0.0.0/33', 'example.com', ''].map(isAddressRange)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(() => addressRules(['intranet'])).toThrow();
  });
});
