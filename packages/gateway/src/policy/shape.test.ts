import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../model/json.js';
import { type ObjectShape, shapeOfArguments } from './shape.js';

function fieldsOf(properties: JsonObject, more: JsonObject = {}): Record<string, unknown> {
  return Object.fromEntries(shapeOfArguments({ type: 'object', properties, ...more }).fields);
}

describe('the shape of arguments', () => {
  test('has the plain types of a schema', () => {
    expect(
      fieldsOf({
        s: { type: 'string' },
        i: { type: ['integer'] },
        n: { type: 'number' },
        b: { type: 'boolean' },
        z: { type: 'null' },
        l: { type: 'array', items: { type: 'string' } },
      }),
    ).toEqual({
      s: { kind: 'string' },
      i: { kind: 'integer' },
      n: { kind: 'number' },
      b: { kind: 'boolean' },
      z: { kind: 'null' },
      l: { kind: 'list', item: { kind: 'string' } },
    });
  });

  test('keeps the values of an enumeration, whose type may go unsaid', () => {
    expect(fieldsOf({ e: { enum: ['a', 'b'] }, c: { const: 3 }, mixed: { enum: ['a', 1] } })).toEqual({
      e: { kind: 'string', allowed: ['a', 'b'] },
      c: { kind: 'integer', allowed: [3] },
      mixed: { kind: 'any' },
    });
  });

  test('is any where the schema says nothing or says it in a union', () => {
    const fields = fieldsOf({
      a: {},
      b: true,
      c: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      d: { type: ['string', 'null'] },
    });
    expect(Object.values(fields)).toEqual(Array(4).fill({ kind: 'any' }));
  });

  test('closes the top level when it names properties and says nothing about others', () => {
    const closed = (schema: JsonObject) => shapeOfArguments(schema).rest === undefined;
    const properties = { a: {} };
    expect(closed({ type: 'object', properties })).toBe(true);
    expect(closed({ properties, additionalProperties: false })).toBe(true);
    expect(closed({ type: 'object', properties, additionalProperties: true })).toBe(false);
    expect(closed({ type: 'object', properties, oneOf: [{ required: ['a'] }] })).toBe(false);
    expect(closed({ type: 'object' })).toBe(false);
    expect(closed({})).toBe(false);
  });

  test('follows local references, and gives up on recursion', () => {
    const shape = shapeOfArguments({
      type: 'object',
      properties: {
        node: { $ref: '#/$defs/node', description: 'a node' },
        far: { $ref: 'https://example.org/x' },
      },
      $defs: {
        node: { type: 'object', properties: { id: { type: 'string' }, next: { $ref: '#/$defs/node' } } },
      },
    });
    const node = shape.fields.get('node') as ObjectShape;
    expect(node.fields.get('id')).toEqual({ kind: 'string' });
    expect(node.fields.get('next')).toEqual({ kind: 'any' });
    expect(shape.fields.get('far')).toEqual({ kind: 'any' });
  });

  test('reads definitions that fan out once each', () => {
    const $defs: JsonObject = { d0: { type: 'string' } };
    for (let level = 1; level < 60; level++) {
      const $ref = `#/$defs/d${level - 1}`;
      $defs[`d${level}`] = { type: 'object', properties: { a: { $ref }, b: { $ref } } };
    }
    const shape = shapeOfArguments({ type: 'object', properties: { top: { $ref: '#/$defs/d59' } }, $defs });
    expect(shape.fields.get('top')?.kind).toBe('object');
  });
});
