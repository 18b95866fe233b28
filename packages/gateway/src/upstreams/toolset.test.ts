import { describe, expect, it } from 'vitest';
import { catalogueHouse } from '../../../../test/fixtures/upstreams/catalogue-house.js';
import { GlobFault } from '../lib/glob.js';
import { compileToolset, type ToolsetSpec } from './toolset.js';

const wares = {
  a: { tools: ['read', 'write'], prompts: ['review'], resources: ['file:///srv/a', 'file:///etc/a'] },
  b: {
    tools: ['read'],
    prompts: ['plan'],
    resources: ['x:shared', 'file:///srv/b'],
    templates: ['file:///srv/{+x}'],
  },
  c: { resources: ['x:shared'] },
};

function shown(...toolsets: ToolsetSpec[]) {
  const { catalogue, fill } = catalogueHouse();
  fill(wares, { toolsets });
  const lists = (endpoint: string) => {
    const { tools, prompts, resources, templates } = catalogue.at(endpoint);
    return [tools, prompts, resources, templates].map((list) =>
      list.map(({ upstream, exposedName }) => `${upstream}:${exposedName}`),
    );
  };
  return { catalogue, lists };
}

describe('a toolset', () => {
  it('has what its globs match, by exposed names or by upstream and own name, and nothing of other kinds', () => {
    const { lists, catalogue } = shown({ name: 'dev', tools: ['a__*', 'b:read'] });
    expect(lists('t/dev')).toEqual([['a:a__read', 'b:b__read'], [], [], []]);
    expect(catalogue.locate('t/dev', 'tool', 'a__read')).toBe(catalogue.locate(undefined, 'tool', 'a__read'));
    for (const name of ['read', 'write', 'b:read']) {
      expect(catalogue.locate('t/dev', 'tool', name)).toBeUndefined();
    }
    expect(catalogue.locate('t/dev', 'prompt', 'review')).toBeUndefined();
  });

  it('has everything of its upstreams where it names nothing else', () => {
    const { lists } = shown({ name: 'b', upstreams: ['b'] });
    expect(lists('t/b')).toEqual([
      ['b:b__read'],
      ['b:plan'],
      ['b:file:///srv/b', 'b:x:shared'],
      ['b:file:///srv/{+x}'],
    ]);
  });

  it('has nothing of upstreams that it does not name', () => {
    const { lists } = shown({
      name: 'mix',
      upstreams: ['a'],
      tools: ['*'],
      prompts: ['*'],
      resources: ['*'],
    });
    expect(lists('t/mix')).toEqual([
      ['a:a__read', 'a:write'],
      ['a:review'],
      ['a:file:///etc/a', 'a:file:///srv/a'],
      [],
    ]);
  });

  it('settles collisions among its own upstreams only', () => {
    const { catalogue } = shown({ name: 'c', upstreams: ['c'] });
    expect(catalogue.locate(undefined, 'resource', 'x:shared')?.upstream).toBe('b');
    expect(catalogue.locate('t/c', 'resource', 'x:shared')?.upstream).toBe('c');
  });

  it('lets unlisted URIs be read that its globs match, through a template that they need not match', () => {
    const { catalogue, lists } = shown({ name: 'srv', resources: ['file:///srv/pub/*'] });
    expect(lists('t/srv')[3]).toEqual([]);
    expect(catalogue.locate('t/srv', 'resource', 'file:///srv/pub/x')?.upstream).toBe('b');
    expect(catalogue.locate('t/srv', 'resource', 'file:///srv/other')).toBeUndefined();
    expect(catalogue.locate('t/srv', 'resource', 'file:///srv/b')).toBeUndefined();
  });

  it('is an endpoint, and one that is not configured is none', () => {
    const { catalogue } = shown({ name: 'dev', tools: ['*'] });
    expect(['t/dev', 'a', 't/other', 'dev', 't/', ''].map((one) => catalogue.has(one))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(catalogue.locate('t/other', 'tool', 'write')).toBeUndefined();
  });

  it('is not compiled with a glob that is none', () => {
    expect(() => compileToolset({ name: 'x', tools: ['[a]'] })).toThrow(GlobFault);
  });
});
