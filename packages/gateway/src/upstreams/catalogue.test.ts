import { describe, expect, it } from 'vitest';
import { Catalogue } from './catalogue.js';
import { importTools } from './import-tools.js';

function tools(...names: string[]) {
  const value = names.map((name) => ({ name, inputSchema: { type: 'object' } }));
  return importTools([{ text: JSON.stringify(value), value }]).tools;
}

const source = (upstream: string, ...names: string[]) => ({
  upstream,
  always: false,
  tools: tools(...names),
});

describe('the catalogue', () => {
  it('lists in the order of upstreams and by name within each, however they arrived', () => {
    const catalogue = new Catalogue();
    catalogue.fill([source('b', 'zeta', 'Alpha', 'alpha2'), source('a', 'beta')]);
    expect(catalogue.tools().map((tool) => tool.exposedName)).toEqual(['Alpha', 'alpha2', 'zeta', 'beta']);
  });

  it('finds a colliding tool by its exposed name only, and at its own endpoint by its own name', () => {
    const catalogue = new Catalogue();
    catalogue.fill([source('a', 'read'), source('b', 'read')]);
    expect(catalogue.locate(undefined, 'read')).toBeUndefined();
    expect(catalogue.locate(undefined, 'b__read')?.upstream).toBe('b');
    expect(catalogue.locate('b', 'read')).toBe(catalogue.locate(undefined, 'b__read'));
    expect(catalogue.locate('b', 'b__read')).toBeUndefined();
    expect(catalogue.locate('c', 'read')).toBeUndefined();
  });

  it('takes no name apart and finds nothing that objects have by nature', () => {
    const catalogue = new Catalogue();
    catalogue.fill([source('a', 'read'), source('b', 'write')]);
    for (const name of ['a__read', 'READ', 'read ', 'constructor', '__proto__', '', 'a__', '__read']) {
      expect(catalogue.locate(undefined, name)).toBeUndefined();
    }
  });

  it('gives the same array until it is filled again', () => {
    const catalogue = new Catalogue();
    catalogue.fill([source('a', 'read')]);
    expect(catalogue.tools()).toBe(catalogue.tools());
    expect(catalogue.tools('a')).toBe(catalogue.tools('a'));
    expect(catalogue.tools('nobody')).toEqual([]);
  });
});
