import { expect, test } from 'vitest';
import { SetupToken } from './setup-token.js';

let now = 0;
const clock = { now: () => now, after: () => () => undefined };

test('a setup token is good once, and whoever guesses does not use it up', () => {
  const token = new SetupToken(clock);
  expect(token.text).toMatch(/^setup_[\w-]{43}$/);
  for (const guess of ['', 'setup_', `${token.text}x`, new SetupToken(clock).text])
    expect(token.use(guess)).toBe(false);
  expect(token.use(token.text)).toBe(true);
  expect(token.use(token.text)).toBe(false);
});

test('a setup token is good for an hour', () => {
  const token = new SetupToken(clock);
  now += 3_600_000;
  expect(token.use(token.text)).toBe(false);
});
