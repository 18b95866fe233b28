import { expect, it } from 'vitest';
import { isFollowed } from './followed-resource.js';

it.each([
  ['file:///a', ['file:///a'], true],
  ['file:///a/b/c.txt', ['file:///a'], true],
  ['file:///a/b/c.txt', ['file:///a/'], true],
  ['file:///a?line=3', ['file:///a'], true],
  ['file:///a#top', ['file:///x', 'file:///a'], true],
  ['file:///ab', ['file:///a'], false],
  ['file:///', ['file:///a'], false],
  ['file:///a', [], false],
])('says of %s whether it is, or is part of, one of %j: %s', (uri, followed, expected) => {
  expect(isFollowed(uri, new Set(followed))).toBe(expected);
});

it('does not divide what is very long', () => {
  const long = `file:///a${'/'.repeat(5000)}`;
  expect(isFollowed(long, new Set(['file:///a']))).toBe(false);
  expect(isFollowed(long, new Set([long]))).toBe(true);
});
