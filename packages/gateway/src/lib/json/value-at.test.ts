import { expect, test } from 'vitest';
import { valueAt } from './value-at.js';

test('finds own members only, through objects only', () => {
  const value = { a: { b: [1], c: null } };
  expect(valueAt(value, [])).toBe(value);
  expect(valueAt(value, ['a', 'c'])).toBeNull();
  expect(valueAt(value, ['a', 'b', '0'])).toBeUndefined();
  expect(valueAt(value, ['a', 'c', 'd'])).toBeUndefined();
  expect(valueAt(value, ['a', 'toString'])).toBeUndefined();
  expect(valueAt(undefined, ['a'])).toBeUndefined();
});
