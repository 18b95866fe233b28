import { describe, expect, it } from 'vitest';
import { catalogueHouse, type Wares } from '../../../../test/fixtures/upstreams/catalogue-house.js';
import type { CollisionRule } from './resource-uris.js';

const app = 'ui://weather/view.html';

function filled(wares: Readonly<Record<string, Wares>>, collisions: CollisionRule = 'first') {
  const { catalogue, fill } = catalogueHouse();
  const { leftOut } = fill(wares, { collisions });
  const route = (uri: string, endpoint?: string) => {
    const target = catalogue.locate(endpoint, 'resource', uri);
    return target && `${target.upstream} ${target.name}`;
  };
  const uris = (endpoint?: string) => catalogue.at(endpoint).resources.map(({ exposedName }) => exposedName);
  return { catalogue, leftOut, route, uris };
}

describe('a URI that one upstream lists', () => {
  it('belongs to it everywhere, as it is written', () => {
    const { route } = filled({ a: { resources: ['file:///a'] }, b: { resources: [app] } });
    expect(route('file:///a')).toBe('a file:///a');
    expect(route(app)).toBe(`b ${app}`);
    expect(route('FILE:///a')).toBeUndefined();
    expect(route('file:///a/')).toBeUndefined();
  });

  it('belongs to it though a template of another matches it', () => {
    const { route } = filled({ a: { templates: ['file:///{+path}'] }, b: { resources: ['file:///x'] } });
    expect(route('file:///x')).toBe('b file:///x');
    expect(route('file:///y')).toBe('a file:///y');
  });
});

describe('a URI that several upstreams list', () => {
  const wares = { a: { resources: [app, 'a:'] }, b: { resources: [app, 'b:'] }, c: { resources: [app] } };

  it('belongs to the first in the order of the configuration; the others are told', () => {
    const { route, uris, leftOut } = filled(wares);
    expect(uris()).toEqual(['a:', app, 'b:']);
    expect(route(app)).toBe(`a ${app}`);
    expect(leftOut.map(({ upstream, name, reason }) => [upstream, name, reason])).toEqual([
      ['b', app, '"a" lists it too and comes before'],
      ['c', app, '"a" lists it too and comes before'],
    ]);
  });

  it('is at the own endpoint of each what it says', () => {
    for (const rule of ['first', 'refuse', 'prefix'] as const) {
      const { route, uris } = filled(wares, rule);
      for (const id of ['a', 'b', 'c']) expect(route(app, id)).toBe(`${id} ${app}`);
      expect(uris('c')).toEqual(rule === 'prefix' ? ['ui://sallyport.c/weather/view.html'] : [app]);
    }
  });

  it('is nobody’s where that is configured, and no template brings it back', () => {
    const { route, uris, leftOut } = filled({ ...wares, d: { templates: ['ui://{+x}'] } }, 'refuse');
    expect(uris()).toEqual(['a:', 'b:']);
    expect(route(app)).toBeUndefined();
    expect(leftOut.map(({ upstream }) => upstream)).toEqual(['a', 'b', 'c']);
  });

  it('has a gateway form for each but the first where that is configured, which leads back', () => {
    const { route, uris, leftOut, catalogue } = filled(wares, 'prefix');
    const moved = ['ui://sallyport.b/weather/view.html', 'ui://sallyport.c/weather/view.html'];
    expect(uris()).toEqual(['a:', app, 'b:', moved[0], moved[1]]);
    expect(leftOut).toEqual([]);
    expect(moved.map((uri) => route(uri))).toEqual([`b ${app}`, `c ${app}`]);
    expect(catalogue.exposedUri(undefined, { upstream: 'b', uri: app })).toBe(moved[0]);
    expect(catalogue.exposedUri('b', { upstream: 'b', uri: app })).toBe(app);
    expect(catalogue.exposedUri('b', { upstream: 'a', uri: app })).toBeUndefined();
  });

  it('cannot be squatted by one that is written like the gateway form of another', () => {
    const fake = 'ui://sallyport.b/weather/view.html';
    const { route, uris } = filled({ evil: { resources: [fake] }, ...wares }, 'prefix');
    expect(uris()[0]).toBe('ui://sallyport.evil/sallyport.b/weather/view.html');
    expect(route(fake)).toBe(`b ${app}`);
    expect(route('ui://sallyport.evil/sallyport.b/weather/view.html')).toBe(`evil ${fake}`);
  });
});

describe('a URI that no list names', () => {
  it('goes to the one upstream whose template matches it, and to nobody where several do', () => {
    const { route } = filled({
      a: { templates: ['file:///{+path}', 'file:///{name}.txt'] },
      b: { templates: ['file:///logs/{name}', 'db://{table}/{id}'] },
    });
    expect(route('file:///x.txt')).toBe('a file:///x.txt');
    expect(route('db://users/7')).toBe('b db://users/7');
    expect(route('file:///logs/today')).toBeUndefined();
    expect(route('db://users')).toBeUndefined();
  });

  it('goes to the upstream at its own endpoint, and where there is but one', () => {
    const two = filled({ a: {}, b: {} });
    expect(two.route('any:thing', 'b')).toBe('b any:thing');
    expect(two.route('any:thing')).toBeUndefined();
    expect(filled({ a: {} }).route('any:thing')).toBe('a any:thing');
  });

  it('belongs by the configured rule where several have the same template', () => {
    const wares = { a: { templates: ['db://{x}'] }, b: { templates: ['db://{x}'] } };
    expect(filled(wares).route('db://1')).toBe('a db://1');
    expect(filled(wares, 'refuse').route('db://1')).toBeUndefined();
    const { route, catalogue } = filled(wares, 'prefix');
    expect(route('db://1')).toBe('a db://1');
    expect(route('sallyport.b+db://1')).toBe('b db://1');
    expect(catalogue.at(undefined).templates.map(({ exposedName }) => exposedName)).toEqual([
      'db://{x}',
      'sallyport.b+db://{x}',
    ]);
    expect(catalogue.locate(undefined, 'template', 'sallyport.b+db://{x}')).toMatchObject({
      upstream: 'b',
      name: 'db://{x}',
    });
  });

  it('is not read by a gateway form where none is given out, nor of an upstream that is not there', () => {
    const wares = { a: { resources: ['x:'] }, b: { resources: ['x:'] } };
    expect(filled(wares).route('sallyport.b+y:')).toBeUndefined();
    expect(filled(wares, 'prefix').route('sallyport.b+y:')).toBe('b y:');
    expect(filled(wares, 'prefix').route('sallyport.c+y:')).toBeUndefined();
  });
});

describe('what an upstream says of URIs', () => {
  const link = (uri: string) => JSON.stringify({ content: [{ type: 'resource_link', uri, name: 'n' }] });
  const rewrite = (house: ReturnType<typeof filled>, upstream: string, uri: string) =>
    house.catalogue.rewriteAt(undefined, upstream)?.(uri) ?? uri;

  it('is left alone, unseen, where nothing of it collides', () => {
    const wares = {
      a: { resources: [app] },
      b: { resources: [app], tools: ['x'] },
      c: { resources: ['c:'] },
    };
    const prefixed = filled(wares, 'prefix');
    expect(prefixed.catalogue.rewriteAt(undefined, 'a')).toBeUndefined();
    expect(prefixed.catalogue.rewriteAt(undefined, 'c')).toBeUndefined();
    expect(prefixed.catalogue.rewriteAt('b', 'b')).toBeUndefined();
    expect(prefixed.catalogue.rewriteAt(undefined, 'b')).toBeDefined();
    for (const rule of ['first', 'refuse'] as const) {
      expect(filled(wares, rule).catalogue.rewriteAt(undefined, 'b')).toBeUndefined();
    }
    expect(link(app)).toContain(app);
  });

  it('leads back to that upstream where it is its own, and stays what it is otherwise', () => {
    const house = filled(
      {
        a: { resources: [app, 'a:'], templates: ['file:///{+x}'] },
        b: { resources: [app, 'b:'], templates: ['file:///{+y}'] },
      },
      'prefix',
    );
    for (const [uri, own] of [
      [app, 'ui://sallyport.b/weather/view.html'],
      ['b:', 'b:'],
      ['file:///etc', 'sallyport.b+file:///etc'],
    ] as const) {
      expect(rewrite(house, 'b', uri)).toBe(own);
      expect(house.route(own)).toBe(`b ${uri}`);
    }
    for (const uri of ['a:', 'https://example.com/', 'sallyport.a+file:///etc']) {
      expect(rewrite(house, 'b', uri)).toBe(uri);
    }
    expect(rewrite(house, 'a', 'file:///etc')).toBe('sallyport.a+file:///etc');
  });

  it('makes every list another one when it changes, as definitions name URIs too', () => {
    const { catalogue, fill } = catalogueHouse();
    const b = { tools: ['x'], resources: [app] };
    fill({ a: {}, b }, { collisions: 'prefix' });
    const before = catalogue.at(undefined).tools;
    expect(fill({ a: { resources: [app] }, b }, { collisions: 'prefix' }).lists).toContain('tools');
    expect(catalogue.at(undefined).tools).not.toBe(before);
    expect(catalogue.at(undefined).tools).toEqual(before);
    expect(fill({ a: { resources: [app] }, b }, { collisions: 'prefix' }).lists).toEqual([]);
  });
});
