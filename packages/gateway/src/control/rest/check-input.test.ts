import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkInput } from './check-input.js';
import { Problem } from './problem.js';

const schema = z.strictObject({ lamps: z.array(z.strictObject({ colour: z.string().optional() })) });

function problemOf(value: unknown, by: z.ZodType = schema): Problem {
  try {
    checkInput(by, value, 'invalid_body');
  } catch (cause) {
    if (cause instanceof Problem) return cause;
    throw cause;
  }
  throw new Error('it fits');
}

test('an unknown name is told with its place, and with the name that was meant', () => {
  const { message, details } = problemOf({ lamps: [{ color: 'red' }] });
  expect(message).toBe('lamps[0].color: "color" is not known here; there are colour; did you mean "colour"?');
  expect(details.errors?.map(({ path }) => path)).toEqual(['lamps[0].color']);
});

test.each([
  [
    'in one object',
    { lamps: [Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`name${at}`, 1]))] },
  ],
  ['in many', { lamps: Array.from({ length: 5000 }, () => ({ color: 'red' })) }],
])('of thousands of unknown names %s twenty are told and the rest is counted', (_, value) => {
  const { message, details } = problemOf(value);
  expect(message).toMatch(/ \(and 4999 more\)$/);
  expect(details.errors).toHaveLength(20);
});

test.each([5000, 150_000, 500_000])(
  '%i places that are wrong in one of several forms are no fault of the gateway',
  (count) => {
    const forms = z.union([z.strictObject({ lamps: z.array(z.string()) }), z.string()]);
    const { code } = problemOf({ lamps: Array.from({ length: count }, () => 1) }, forms);
    expect(code).toBe('invalid_body');
  },
);
