import { describe, expect, test } from 'vitest';
import { faultsOf } from './policy-fixture.js';

const faults = (when: string) => faultsOf({ effect: 'allow', when });

describe('comparisons that are never true together', () => {
  test.each([
    'args.a > 100 && args.a < 50',
    'args.a > 100 && args.b == 1 && args.a <= 100.0',
    '50 > args.a && args.a >= 100',
    'args.a == 1 && args.a == 2',
    'args.m == "read" && args.m == "write"',
    'args.a < -5 && args.a > -2.5',
    'args.x == true || (args.a == 3 && args.a > 3)',
    'args.l.all(i, i > 5 && i < 5)',
    'args.a >= 5 && args.a < 5',
    'args.flag == true && args.flag == false',
  ])('are found in %s', (when) => {
    const [found, ...more] = faults(when);
    expect(found).toContain('are never true together');
    expect(more).toEqual([]);
  });

  test('are named with their place', () => {
    expect(faults('args.a > 100 &&\n  args.a < 50')[0]).toBe(
      'rule "r0", condition line 2, column 3: "args.a > 100" and "args.a < 50" are never true together; write || where either will do',
    );
  });

  test.each([
    'args.a > 50 && args.a < 100',
    'args.a >= 5 && args.a <= 5',
    'args.a > 100 || args.a < 50',
    'args.a > 100 && args.b < 50',
    'args.a != 1 && args.a != 2',
    'args.a == 9007199254740993 && args.a > 9007199254740992',
    '(args.a > 100 || args.b == 1) && args.a < 50',
    'args.l.exists(i, i > 5) && args.l.exists(i, i < 5)',
  ])('are not seen in %s', (when) => {
    expect(faults(when)).toEqual([]);
  });
});
