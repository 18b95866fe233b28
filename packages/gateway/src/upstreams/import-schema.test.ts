import { describe, expect, it } from 'vitest';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { refuseBombs } from './import-schema.js';

const check = (schema: JsonValue) => () => refuseBombs(parseJson(JSON.stringify(schema)).value as JsonObject);
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const chain = (count: number, link: (next: JsonObject) => JsonObject): JsonObject => ({
  type: 'object',
  allOf: [ref('d0')],
  $defs: Object.fromEntries(
    many(count, (index) => [
      `d${index}`,
      index === count - 1 ? { type: 'string' } : link(ref(`d${index + 1}`)),
    ]),
  ),
});

describe('a schema is refused', () => {
  it('that has too many parts', () => {
    const properties = Object.fromEntries(many(5001, (index) => [`p${index}`, {}]));
    expect(check({ type: 'object', properties })).toThrow('5002 schemas');
    expect(check({ enum: many(5001, String) })).toThrow('values in one enum');
    for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
      expect(check({ [keyword]: many(257, () => ({})) })).toThrow(keyword);
    }
  });

  it('whose references double with each step, for one value or written out', () => {
    expect(check(chain(30, (next) => ({ anyOf: [next, next] })))).toThrow('fit one value');
    expect(check(chain(30, (next) => ({ properties: { a: next, b: next } })))).toThrow('written out');
    expect(check(chain(30, (next) => ({ items: { allOf: [next, next] } })))).toThrow();
  });

  it('whose references come back without going into the value', () => {
    expect(check({ $ref: '#' })).toThrow('circle');
    expect(check({ type: 'object', allOf: [{ anyOf: [{ $ref: '#' }] }] })).toThrow('circle');
    expect(check({ ...ref('a'), $defs: { a: { not: ref('b') }, b: { if: ref('a') } } })).toThrow('circle');
    expect(check({ properties: { x: { $ref: '#a' } }, $defs: { a: { $anchor: 'a', $ref: '#a' } } })).toThrow(
      'circle',
    );
  });

  it('against which deeply nested values are checked in exponential time', () => {
    const twice = { properties: { next: { anyOf: [{ $ref: '#' }, { $ref: '#' }] } } };
    expect(check(twice)).toThrow('exponential');
    const branches = { anyOf: [{ properties: { x: { $ref: '#' } } }, { properties: { x: { $ref: '#' } } }] };
    expect(check(branches)).toThrow('exponential');
    const other = { anyOf: [{ properties: { x: { $ref: '#' } } }, { additionalProperties: { $ref: '#' } }] };
    expect(check(other)).toThrow('exponential');
    const long = {
      ...ref('a'),
      $defs: {
        a: { allOf: [{ properties: { x: ref('b') } }, { properties: { x: ref('c') } }] },
        b: { items: ref('a') },
        c: { items: ref('a') },
      },
    };
    expect(check(long)).toThrow('exponential');
  });

  it('that hides where its references begin', () => {
    expect(check({ type: 'object', properties: { a: { $id: 'https://example.com/a' } } })).toThrow('$id');
    expect(check({ $id: 'https://example.com/a', type: 'object' })).not.toThrow();
  });

  it('that is one long chain', () => {
    expect(check(chain(4900, (next) => next))).toThrow(/chain|fit one value/);
  });
});

describe('a schema is taken', () => {
  it('that describes trees', () => {
    const tree = { properties: { left: { $ref: '#' }, right: { $ref: '#' }, value: {} } };
    expect(check(tree)).not.toThrow();
    const json = {
      ...ref('json'),
      $defs: {
        json: {
          anyOf: [
            { type: ['string', 'number', 'boolean', 'null'] },
            { type: 'array', items: ref('json') },
            { type: 'object', additionalProperties: ref('json') },
          ],
        },
      },
    };
    expect(check(json)).not.toThrow();
    const filter = {
      anyOf: [
        { properties: { and: { type: 'array', items: { $ref: '#' } } } },
        { properties: { or: { type: 'array', items: { $ref: '#' } } } },
        { properties: { not: { $ref: '#' } } },
      ],
    };
    expect(check(filter)).not.toThrow();
  });

  it('that describes trees of kinds, told apart by a constant', () => {
    const block = (type: string) => ({
      type: 'object',
      properties: { type: { const: type }, children: { type: 'array', items: ref('block') } },
      required: ['type', 'children'],
    });
    const kinds = { type: 'object', properties: { root: ref('block') } };
    const inline = { oneOf: [block('list'), block('quote'), block('table')] };
    expect(check({ ...kinds, $defs: { block: inline } })).not.toThrow();
    const named = { anyOf: [ref('list'), { ...ref('quote'), description: 'a quote' }] };
    const defs = { block: named, list: block('list'), quote: block('quote') };
    expect(check({ ...kinds, $defs: defs })).not.toThrow();
    const alike = { ...defs, quote: block('list') };
    expect(check({ ...kinds, $defs: alike })).toThrow('exponential');
    const optional = { ...defs, quote: { ...block('quote'), required: [] } };
    expect(check({ ...kinds, $defs: optional })).toThrow('exponential');
  });

  it('that uses one definition in many places', () => {
    const properties = Object.fromEntries(many(200, (index) => [`p${index}`, ref('address')]));
    const address = {
      properties: Object.fromEntries(many(50, (index) => [`l${index}`, { type: 'string' }])),
    };
    expect(check({ type: 'object', properties, $defs: { address } })).not.toThrow();
  });

  it('whose references lead nowhere, for the check of arguments will say so', () => {
    expect(
      check({ properties: { a: { $ref: '#/$defs/none' }, b: { $ref: '#nothing' }, c: { $ref: '#/%zz' } } }),
    ).not.toThrow();
  });
});
