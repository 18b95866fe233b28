import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/json/canonical-json.js';
import type { JsonValue } from '../../model/json.js';
import { diffDefinitions } from './definition-diff.js';

const schema = (properties: JsonValue) => ({ name: 'read', inputSchema: { type: 'object', properties } });

describe('the difference of two definitions', () => {
  it('names each member that changed, came or went, down to single values', () => {
    const before = { ...schema({ a: { type: 'string', description: 'A.' } }), title: 'Read' };
    const after = {
      ...schema({ a: { type: 'string', description: 'B.' }, c: { type: 'number' } }),
      extra: {},
    };
    expect(diffDefinitions(before, after)).toEqual([
      { path: ['inputSchema', 'properties', 'a', 'description'], before: 'A.', after: 'B.' },
      { path: ['inputSchema', 'properties', 'c', 'type'], after: 'number' },
      { path: ['title'], before: 'Read' },
      { path: ['extra'], after: {} },
    ]);
  });

  it('shows what a longer list has more, not every element that moved', () => {
    const values = (...list: string[]) => schema({ a: { enum: list } });
    expect(diffDefinitions(values('x', 'y'), values('../../etc/passwd', 'x', 'y'))).toEqual([
      { path: ['inputSchema', 'properties', 'a', 'enum', 0], after: '../../etc/passwd' },
    ]);
    expect(diffDefinitions(values('x', 'y'), values('y', 'x'))).toHaveLength(2);
  });

  it('shows all of a definition that is new', () => {
    expect(diffDefinitions(undefined, schema({}))).toEqual([
      { path: ['name'], after: 'read' },
      { path: ['inputSchema', 'type'], after: 'object' },
      { path: ['inputSchema', 'properties'], after: {} },
    ]);
  });

  it('is empty for equal definitions and for no others', () => {
    const value = fc.jsonValue() as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(diffDefinitions(a, b).length === 0).toBe(canonicalJson(a) === canonicalJson(b));
        expect(diffDefinitions(a, a)).toEqual([]);
      }),
    );
  });
});
