import { describe, expect, it } from 'vitest';
import { rawList } from '../../../../test/fixtures/upstreams/catalogue-house.js';
import { importPrompts } from './import-prompts.js';
import { importResources, importTemplates } from './import-resources.js';

describe('import of resources', () => {
  const uris = (list: readonly unknown[]) => importResources(rawList(list)).items.map(({ name }) => name);

  it('takes any visible text for a URI, once', () => {
    const good = ['file:///a b', 'memo', 'ui://x', 'urn:ä'].map((uri) => ({ uri, name: 'n' }));
    expect(uris([...good, ...good])).toEqual(['file:///a b', 'memo', 'ui://x', 'urn:ä']);
    expect(importResources(rawList([...good, ...good])).rejected).toHaveLength(4);
  });

  it('refuses what clients would refuse the whole list for', () => {
    const bad = [
      { uri: 'a:' },
      { name: 'a' },
      { uri: '', name: 'n' },
      { uri: 'a:\u0007', name: 'n' },
      { uri: `a:${'x'.repeat(4096)}`, name: 'n' },
      { uri: 'a:', name: 'n', size: '1' },
      { uri: 'a:', name: 'n', annotations: { priority: 'high' } },
    ];
    expect(uris(bad)).toEqual([]);
  });

  it('digests each kind in a domain of its own', () => {
    const definition = { uri: 'x:', uriTemplate: 'x:', name: 'x' };
    const digests = [
      importResources(rawList([definition])).items[0]?.digest,
      importTemplates(rawList([definition])).items[0]?.digest,
      importPrompts(rawList([definition])).items[0]?.digest,
    ];
    expect(new Set(digests).size).toBe(3);
  });
});

describe('import of resource templates', () => {
  it('refuses what is no template that can be matched', () => {
    const { items, rejected } = importTemplates(
      rawList(['x:{a}', 'x:{a', 'x:{!a}'].map((uriTemplate) => ({ uriTemplate, name: 'n' }))),
    );
    expect(items.map(({ name }) => name)).toEqual(['x:{a}']);
    expect(rejected.map(({ what, name }) => [what, name])).toEqual([
      ['template', 'x:{a'],
      ['template', 'x:{!a}'],
    ]);
  });

  it('takes so many that each can be tried for every URI', () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ uriTemplate: `x:${index}{a}`, name: 'n' }));
    const { items, rejected } = importTemplates(rawList(many));
    expect(items).toHaveLength(200);
    expect(rejected).toHaveLength(1);
  });
});
