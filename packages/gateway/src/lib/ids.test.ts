import { expect, test } from 'vitest';
import { newId, randomFraction, randomToken } from './ids.js';

test('ids are unique, of version 7, and sort by the time they were made', () => {
  const ids = Array.from({ length: 2000 }, newId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const times = ids.map((id) => id.slice(0, 13));
  expect(times).toEqual([...times].sort());
});

test('tokens hold as many random bytes as asked for', () => {
  expect(Buffer.from(randomToken(24), 'base64url')).toHaveLength(24);
  expect(randomToken(24)).not.toBe(randomToken(24));
});

test('fractions lie between 0 and 1', () => {
  const fraction = randomFraction();
  expect(fraction >= 0 && fraction < 1).toBe(true);
});
