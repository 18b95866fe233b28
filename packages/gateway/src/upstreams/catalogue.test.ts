import { describe, expect, it } from 'vitest';
import { Catalogue } from './catalogue.js';
import { importTools } from './import-tools.js';

function tools(...names: string[]) {
  const value = names.map((name) => ({ name, inputSchema: { type: 'object' } }));
  return importTools([{ text: JSON.stringify(value), value }], (text) => text).tools;
}

const owners = { a: {}, b: {} };

const source = (upstream: 'a' | 'b', ...names: string[]) => ({
  upstream,
  owner: owners[upstream],
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

  it('keeps a tool the same object while nothing about it changes, though its upstream lists anew', () => {
    const catalogue = new Catalogue();
    catalogue.fill([source('a', 'read', 'write')]);
    const before = catalogue.locate('a', 'read');
    catalogue.fill([source('b', 'write'), source('a', 'read', 'write', 'more')]);
    expect(catalogue.locate('a', 'read')).toBe(before);
    expect(catalogue.locate(undefined, 'read')).toBe(before);
  });

  it('makes a new tool of one with another definition, another exposed name or another owner', () => {
    const catalogue = new Catalogue();
    const seen = new Set<unknown>();
    const note = (...sources: Parameters<typeof catalogue.fill>[0]) => {
      catalogue.fill(sources);
      seen.add(catalogue.locate('a', 'read'));
    };
    const [read] = tools('read');
    if (read === undefined) throw new Error('not imported');
    const annotated = { ...read, definition: { ...read.definition, text: '{"name":"read","_meta":{}}' } };
    note(source('a', 'read'));
    note({ ...source('a'), tools: [annotated] });
    note({ ...source('a', 'read'), always: true });
    note({ ...source('a', 'read'), always: true, owner: {} });
    expect(seen.size).toBe(4);
  });

  it('knows who brought a tool, also when it no longer holds it', () => {
    const catalogue = new Catalogue();
    catalogue.fill([source('a', 'read')]);
    const tool = catalogue.tools()[0];
    if (tool === undefined) throw new Error('not in the catalogue');
    catalogue.fill([{ ...source('a', 'read'), owner: {} }]);
    expect(catalogue.ownerOf(tool)).toBe(owners.a);
    expect(catalogue.ownerOf({ ...tool })).toBeUndefined();
  });

  it('gives the same array until it is filled again', () => {
    const catalogue = new Catalogue();
    catalogue.fill([source('a', 'read')]);
    expect(catalogue.tools()).toBe(catalogue.tools());
    expect(catalogue.tools('a')).toBe(catalogue.tools('a'));
    expect(catalogue.tools('nobody')).toEqual([]);
  });
});
