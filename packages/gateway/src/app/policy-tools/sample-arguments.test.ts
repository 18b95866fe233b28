import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArgumentCheck } from '../../pipeline/argument-check.js';
import { toolOf } from '../../policy/policy-fixture.js';
import { sampleArguments, turningPoints } from './sample-arguments.js';

const none = { numbers: [], texts: [] };

test.each([
  [{ type: 'string', minLength: 3 }, 'xxx'],
  [{ enum: ['b', 'a'] }, 'b'],
  [{ const: 7 }, 7],
  [{ type: ['integer', 'null'], minimum: 5 }, 5],
  [{ type: 'number', exclusiveMinimum: 5 }, 6],
  [{ type: 'array', items: { type: 'boolean' } }, [false]],
  [{ anyOf: [{ type: 'number' }, { type: 'string' }] }, 1],
  [{ type: 'object', properties: { a: {}, b: {} }, required: ['b'] }, { b: 'x' }],
])('an argument of the schema %j is %j', (schema, value) => {
  expect(sampleArguments({ type: 'object', properties: { it: schema as never } }, none, 1)).toEqual([
    { it: value },
  ]);
});

test('literals of conditions become arguments, numbers with their neighbours', () => {
  const turning = turningPoints(['args.n > 100 && args.path.within("/data/a1") && tool.x2 == \'b\'']);
  expect(turning).toEqual({ numbers: [100, 101, 99], texts: ['/data/a1', 'b'] });
  const schema = { type: 'object', properties: { n: { type: 'integer' }, path: { type: 'string' } } };
  const samples = sampleArguments(schema, turning, 100);
  expect(samples).toContainEqual({ n: 101, path: 'x' });
  expect(samples).toContainEqual({ n: 1, path: '/data/a1/x' });
});

test('samples fit the schema they are made of, and are as many as wanted at most', () => {
  const leaf = fc.constantFrom<object>(
    { type: 'string' },
    { type: 'integer', minimum: 3 },
    { type: 'boolean' },
    { enum: ['a', 'b'] },
  );
  const schemas = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), leaf, { maxKeys: 5 });
  fc.assert(
    fc.property(schemas, (properties) => {
      const [first] = sampleArguments({ type: 'object', properties: properties as never }, none, 1);
      const check = new ArgumentCheck(() => false);
      expect(check.faultOf(toolOf('t', properties as never), first)).toBeUndefined();
      const many = sampleArguments(
        { type: 'object', properties: properties as never },
        { numbers: [1, 2], texts: ['a'] },
        4,
      );
      expect(many.length).toBeLessThanOrEqual(4);
    }),
  );
});
