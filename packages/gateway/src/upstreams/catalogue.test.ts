import { describe, expect, it } from 'vitest';
import { catalogueHouse } from '../../../../test/fixtures/upstreams/catalogue-house.js';

describe('the catalogue', () => {
  it('lists in the order of upstreams and by name within each, however they arrived', () => {
    const { catalogue, fill } = catalogueHouse();
    fill({
      b: { tools: ['zeta', 'Alpha', 'alpha2'], resources: ['z:', 'a:'] },
      a: { tools: ['beta'], resources: ['m:'] },
    });
    const { tools, resources } = catalogue.at(undefined);
    expect(tools.map((tool) => tool.exposedName)).toEqual(['Alpha', 'alpha2', 'zeta', 'beta']);
    expect(resources.map(({ name }) => name)).toEqual(['a:', 'z:', 'm:']);
  });

  it.each(['tool', 'prompt'] as const)(
    'finds a colliding %s by its exposed name only, and at its own endpoint by its own name',
    (kind) => {
      const { catalogue, fill } = catalogueHouse();
      fill({ a: { [`${kind}s`]: ['read'] }, b: { [`${kind}s`]: ['read'] } });
      expect(catalogue.locate(undefined, kind, 'read')).toBeUndefined();
      expect(catalogue.locate(undefined, kind, 'b__read')?.upstream).toBe('b');
      expect(catalogue.locate('b', kind, 'read')).toBe(catalogue.locate(undefined, kind, 'b__read'));
      expect(catalogue.locate('b', kind, 'b__read')).toBeUndefined();
      expect(catalogue.locate('c', kind, 'read')).toBeUndefined();
    },
  );

  it('keeps the names of tools and of prompts apart', () => {
    const { catalogue, fill } = catalogueHouse();
    fill({ a: { tools: ['review'] }, b: { prompts: ['review'] } });
    expect(catalogue.locate(undefined, 'tool', 'review')?.upstream).toBe('a');
    expect(catalogue.locate(undefined, 'prompt', 'review')?.upstream).toBe('b');
  });

  it('takes no name apart and finds nothing that objects have by nature', () => {
    const { catalogue, fill } = catalogueHouse();
    fill({ a: { tools: ['read'] }, b: { tools: ['write'], prompts: ['x'] } });
    for (const name of ['a__read', 'READ', 'read ', 'constructor', '__proto__', '', 'a__', '__read']) {
      for (const kind of ['tool', 'prompt', 'resource', 'template', 'method'] as const) {
        expect(catalogue.locate(undefined, kind, name)).toBeUndefined();
      }
    }
  });

  it('keeps everything the same object while nothing about it changes, though its upstream lists anew', () => {
    const { catalogue, fill } = catalogueHouse();
    const a = { tools: ['read', 'write'], prompts: ['p'], resources: ['r:'], templates: ['t:{x}'] };
    const known = () =>
      (['tool', 'prompt', 'resource', 'template'] as const).map((kind, index) =>
        catalogue.locate('a', kind, ['read', 'p', 'r:', 't:{x}'][index] ?? ''),
      );
    fill({ a });
    const before = known();
    fill({ b: { tools: ['write'] }, a: { ...a, tools: [...a.tools, 'more'] } });
    expect(before).not.toContain(undefined);
    for (const [index, one] of known().entries()) expect(one).toBe(before[index]);
  });

  it('makes a new one of what has another definition, another exposed name or another owner', () => {
    const { catalogue, fill, renew } = catalogueHouse();
    const seen = new Set<unknown>();
    const note = (...args: Parameters<typeof fill>) => {
      fill(...args);
      seen.add(catalogue.locate('a', 'prompt', 'read'));
    };
    note({ a: { prompts: ['read'] } });
    note({ a: { prompts: [{ name: 'read', _meta: {} }] } });
    note({ a: { prompts: ['read'], always: true } });
    renew('a');
    note({ a: { prompts: ['read'], always: true } });
    expect(seen.size).toBe(4);
  });

  it('knows who brought something, also when it no longer holds it, and of what no list names', () => {
    const { catalogue, fill, ownerOf, renew } = catalogueHouse();
    fill({ a: { tools: ['read'] }, b: {} });
    const owner = ownerOf('a');
    const tool = catalogue.at(undefined).tools[0];
    const unlisted = catalogue.locate('a', 'resource', 'file:///secret');
    if (tool === undefined || unlisted === undefined) throw new Error('not in the catalogue');
    renew('a');
    fill({ a: { tools: ['read'] }, b: {} });
    expect([catalogue.ownerOf(tool), catalogue.ownerOf(unlisted)]).toEqual([owner, owner]);
    expect(catalogue.ownerOf(tool)).toBe(owner);
    expect(catalogue.ownerOf({ ...tool })).toBeUndefined();
  });

  it('gives the same arrays until something in them changes, and tells which lists did', () => {
    const { catalogue, fill } = catalogueHouse();
    const a = { tools: ['read'], prompts: ['p'], resources: ['r:'] };
    const dev = { toolsets: [{ name: 'dev', tools: ['read'] }] };
    expect(fill({ a, b: {} }, dev).lists).toEqual(['tools', 'prompts', 'resources']);
    const before = [undefined, 'a', 'b', 't/dev'].map((endpoint) => ({ ...catalogue.at(endpoint) }));
    expect(fill({ a: { ...a, prompts: ['q'], templates: ['t:{x}'] }, b: {} }, dev).lists).toEqual([
      'prompts',
      'resources',
    ]);
    [undefined, 'a', 'b', 't/dev'].forEach((endpoint, index) => {
      expect(catalogue.at(endpoint).tools).toBe(before[index]?.tools);
      expect(catalogue.at(endpoint).resources).toBe(before[index]?.resources);
    });
    expect(fill({ a: { ...a, prompts: ['q'], templates: ['t:{x}'] }, b: {} }, dev).lists).toEqual([]);
    expect(catalogue.at('nobody').tools).toEqual([]);
  });

  it('sends a method where it is configured, at an endpoint of one upstream there, and else only where there is one', () => {
    const { catalogue, fill } = catalogueHouse();
    fill({ a: {}, b: {} }, { methods: new Map([['com.example/run', 'b']]) });
    const upstreamOf = (endpoint: string | undefined, method: string) =>
      catalogue.locate(endpoint, 'method', method)?.upstream;
    expect(upstreamOf(undefined, 'com.example/run')).toBe('b');
    expect(upstreamOf('a', 'com.example/run')).toBeUndefined();
    expect(upstreamOf('a', 'com.example/other')).toBe('a');
    expect(upstreamOf(undefined, 'com.example/other')).toBeUndefined();
    fill({ a: {} });
    expect(upstreamOf(undefined, 'com.example/other')).toBe('a');
  });
});

describe('twins of another upstream', () => {
  it('by name are in no list, but found, and told with both names', () => {
    const { catalogue, fill } = catalogueHouse();
    const { leftOut } = fill({ files: { tools: ['read_file'] }, evil: { tools: ['read-fi1e', 'write'] } });
    expect(catalogue.at(undefined).tools.map(({ name }) => name)).toEqual(['read_file', 'write']);
    expect(catalogue.locate(undefined, 'tool', 'read-fi1e')).toMatchObject({ quarantine: 'twin' });
    expect(leftOut).toEqual([
      { upstream: 'evil', what: 'tool', name: 'read-fi1e', reason: 'it looks like "read_file" of "files"' },
    ]);
  });

  it('are those that came later, also when their upstream is configured first', () => {
    const { catalogue, fill } = catalogueHouse();
    fill({ evil: {}, files: { tools: ['read_file'] } });
    fill({ evil: { tools: ['read-file'] }, files: { tools: ['read_file'] } });
    expect(catalogue.at(undefined).tools.map(({ name }) => name)).toEqual(['read_file']);
  });

  it('are no twins any more under a name that carries the upstream, or when the other has gone', () => {
    const { catalogue, fill } = catalogueHouse();
    const files = { tools: ['read_file'] };
    fill({ files, other: { tools: ['read-file'], always: true } });
    expect(catalogue.at(undefined).tools).toHaveLength(2);
    fill({ files: {}, other: { tools: ['read-file'] } });
    expect(catalogue.at(undefined).tools).toHaveLength(1);
  });

  it('by title are those written in other letters, whoever was first; the same title is no twin', () => {
    const { catalogue, fill } = catalogueHouse();
    const cyrillic = 'Rеview';
    const { leftOut } = fill({
      evil: {
        prompts: [{ name: 'x', title: cyrillic }],
        resources: [{ uri: 'a:', name: 'n', title: cyrillic }],
        templates: [{ uriTemplate: 't:{x}', name: cyrillic }],
      },
      a: {
        prompts: [{ name: 'y', title: 'Review' }],
        resources: [{ uri: 'b:', name: 'n', title: 'Review' }],
        templates: [{ uriTemplate: 'u:{x}', name: 'Review' }],
      },
      b: { prompts: [{ name: 'z', title: 'review' }] },
    });
    const { prompts, resources, templates } = catalogue.at(undefined);
    expect(prompts.map(({ name }) => name)).toEqual(['y', 'z']);
    expect(resources.map(({ name }) => name)).toEqual(['b:']);
    expect(templates.map(({ name }) => name)).toEqual(['u:{x}']);
    expect(leftOut.map(({ what, reason }) => [what, reason])).toEqual([
      ['prompt', 'it looks like "Review" of "a"'],
      ['resource', 'its title looks like "Review" of "a"'],
      ['template', 'its title looks like "Review" of "a"'],
    ]);
  });

  it('keep the quarantine that they have already', () => {
    const { catalogue } = catalogueHouse();
    const tool = { kind: 'tool' as const, inputSchema: {}, annotations: {}, digest: '' };
    const definition = { text: '{}', value: {} };
    const source = (upstream: string, name: string) => ({
      upstream,
      owner: { id: upstream },
      always: false,
      offer: {
        tools: [{ ...tool, definition, name, quarantine: 'waiting' as const }],
        prompts: [],
        resources: [],
        templates: [],
      },
    });
    catalogue.fill([source('a', 'x-1'), source('b', 'x_l')], {
      collisions: 'first',
      toolsets: [],
      methods: new Map(),
    });
    expect(catalogue.at(undefined).tools).toEqual([]);
    expect(catalogue.locate(undefined, 'tool', 'x_l')).toMatchObject({ quarantine: 'waiting' });
  });
});
