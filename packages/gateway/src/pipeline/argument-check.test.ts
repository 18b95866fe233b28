import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Tool } from '../model/tool.js';
import { ArgumentCheck } from './argument-check.js';

function faultOf(inputSchema: JsonObject, args: JsonValue | undefined, open = false): string | undefined {
  const tool: Tool = {
    kind: 'tool',
    exposedName: 't',
    upstream: 'u',
    name: 't',
    definition: { text: '{}', value: {} },
    inputSchema,
    annotations: {},
    digest: 'sha256:x',
  };
  return new ArgumentCheck(() => open).faultOf(tool, args);
}

const transfer: JsonObject = {
  type: 'object',
  properties: { to: { type: 'string' }, amount: { type: 'number' } },
  required: ['to', 'amount'],
};

test('accepts arguments that fit the schema', () => {
  expect(faultOf(transfer, { to: 'a', amount: 1.5 })).toBeUndefined();
});

test('says which argument has the wrong type and what would be right', () => {
  expect(faultOf(transfer, { to: 'a', amount: '1' })).toBe('The argument at "/amount" must be number.');
});

test('says which argument is missing, also when no arguments were sent', () => {
  expect(faultOf(transfer, undefined)).toContain("must have required property 'to'");
});

test('counts a schema that names properties as closed and names the nearest known one', () => {
  const fault = faultOf(transfer, { to: 'a', amount: 1, Amount: 9000 });
  expect(fault).toContain('"Amount"');
  expect(fault).toContain('Did you mean "amount"?');
});

test('gives the same sentence when the schema closes itself', () => {
  const fault = faultOf({ ...transfer, additionalProperties: false }, { to: 'a', amount: 1, Amount: 9000 });
  expect(fault).toContain('Did you mean "amount"?');
});

test('lets further arguments pass where the upstream is configured as open', () => {
  expect(faultOf(transfer, { to: 'a', amount: 1, note: 'x' }, true)).toBeUndefined();
});

test('lets further arguments pass where the schema says so', () => {
  expect(
    faultOf({ ...transfer, additionalProperties: true }, { to: 'a', amount: 1, note: 'x' }),
  ).toBeUndefined();
});

test('judges an integer beyond 2^53 as an integer', () => {
  const schema = { type: 'object', properties: { id: { type: 'integer' } } };
  expect(faultOf(schema, { id: 9007199254740993n })).toBeUndefined();
});

test('runs the patterns of foreign schemas in linear time', () => {
  const schema = { type: 'object', properties: { s: { type: 'string', pattern: '^(a+)+$' } } };
  expect(faultOf(schema, { s: `${'a'.repeat(40)}!` })).toContain('must match pattern');
});

test('refuses arguments when the schema itself cannot be used', () => {
  const schema = { type: 'object', properties: { s: { $ref: 'https://example.com/schema.json' } } };
  expect(faultOf(schema, { s: 'x' })).toContain('cannot be used');
});

test.each(['http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2020-12/schema'])(
  'reads schemas of dialect %s',
  ($schema) => {
    expect(faultOf({ $schema, ...transfer }, { to: 1, amount: 1 })).toContain('/to');
  },
);

test('finds repeated items in time that grows with their number only', () => {
  const schema = { type: 'object', properties: { ids: { type: 'array', uniqueItems: true } } };
  const ids = Array.from({ length: 50_000 }, (_, id) => ({ id }));
  expect(faultOf(schema, { ids })).toBeUndefined();
  expect(faultOf(schema, { ids: [...ids, { id: 7 }] })).toBe(
    'The argument at "/ids" must not have the same item twice.',
  );
});
