import { describe, expect, it } from 'vitest';
import { FakeServer, house, request, spec } from '../../../../test/fixtures/upstreams/fake-servers.js';
import type { UpstreamNews } from '../model/upstream-news.js';
import type { CatalogueTerms } from './catalogue.js';
import type { DefinitionJudge, Offer } from './pins/definition-judge.js';
import { compileToolset } from './toolset.js';
import type { UpstreamEvent } from './upstream-event.js';

const changes = (heard: readonly UpstreamEvent[]) =>
  heard.flatMap((event) => (event.kind === 'catalogue_changed' ? [event.lists] : []));

/** Quarantines the names that it is told, and notes which lists it was shown. */
function judging() {
  const bad = new Set<string>();
  const seen: string[] = [];
  let onChange: () => void = () => undefined;
  const judge: DefinitionJudge = {
    judge: <Definition extends Offer>(upstream: string, kind: string, offers: readonly Definition[]) => {
      seen.push(`${upstream} ${kind} ${offers.map(({ name }) => name).join()}`);
      return offers.map((offer) =>
        bad.has(offer.name) ? { ...offer, quarantine: 'changed' as const } : offer,
      );
    },
    watch(listener) {
      onChange = listener;
      return () => {
        onChange = () => undefined;
      };
    },
  };
  return { judge, bad, seen, change: () => onChange() };
}

const app = { uri: 'ui://view', name: 'view' };
const terms = (more: Partial<CatalogueTerms> = {}): CatalogueTerms => ({
  collisions: 'first',
  toolsets: [],
  methods: new Map(),
  ...more,
});

describe('what upstreams offer', () => {
  it('tells which lists changed, and of a change that callers do not see that none did', async () => {
    const server = new FakeServer('read');
    server.more = { prompts: [{ name: 'p' }], resources: [app] };
    const { clock, heard, start } = house({ a: server });
    await start();
    expect(changes(heard)).toEqual([[], ['tools', 'prompts', 'resources']]);
    server.more = { prompts: [{ name: 'q' }], resources: [app] };
    server.last.context.onListChanged('prompts');
    server.last.context.onListChanged('resources');
    await clock.advance(0);
    expect(changes(heard).slice(2)).toEqual([['prompts']]);
  });

  it('is laid out anew when only the layout changed, toolsets of the new one being endpoints at once', async () => {
    const { upstreams, start } = house({ a: new FakeServer('read', 'write') });
    await start();
    expect(upstreams.has('t/dev')).toBe(false);
    const toolsets = [compileToolset({ name: 'dev', tools: ['read'] })];
    await upstreams.apply([spec('a')], terms({ toolsets }));
    expect(upstreams.has('t/dev')).toBe(true);
    expect(upstreams.tools('t/dev').map(({ name }) => name)).toEqual(['read']);
    expect(upstreams.locate('t/dev', 'tool', 'write')).toBeUndefined();
    await upstreams.apply([spec('a')], terms());
    expect(upstreams.has('t/dev')).toBe(false);
  });

  it('is forwarded to whoever offers it, of every kind', async () => {
    const server = new FakeServer();
    server.more = {
      prompts: [{ name: 'p' }],
      resources: [app],
      resourceTemplates: [{ uriTemplate: 'x:{y}', name: 't' }],
    };
    const other = new FakeServer('read');
    const { upstreams, start } = house({ a: server, b: other });
    await start();
    const [, wanted] = request(upstreams, 'read');
    for (const [kind, name] of [
      ['prompt', 'p'],
      ['resource', app.uri],
      ['resource', 'x:1'],
      ['template', 'x:{y}'],
    ] as const) {
      const target = upstreams.locate(undefined, kind, name);
      if (target === undefined) throw new Error(`no ${kind}`);
      const permit = { callId: 'c', upstream: 'a', kind, name } as unknown as Parameters<
        typeof upstreams.forward
      >[0];
      await expect(upstreams.forward(permit, { ...wanted, target, method: 'x/y' })).resolves.toMatchObject({
        kind: 'result',
      });
      await expect(
        upstreams.forward({ ...permit, kind: 'tool' }, { ...wanted, target, method: 'x/y' }),
      ).rejects.toMatchObject({ sent: false });
    }
  });

  it('passes on what upstreams say outside of calls', async () => {
    const said: UpstreamNews[] = [];
    const server = new FakeServer('read');
    const { start } = house({ a: server }, 'auto', undefined, { onNews: (news) => said.push(news) });
    await start();
    server.last.context.onNews('notifications/resources/updated', '{"uri":"x://1"}');
    expect(said).toMatchObject([
      { upstream: 'a', method: 'notifications/resources/updated', params: '{"uri":"x://1"}' },
    ]);
  });

  it('has its URIs rewritten only where they collide, and never at its own endpoint', async () => {
    const [a, b] = [new FakeServer('x'), new FakeServer('y')];
    a.more = { resources: [app] };
    b.more = { resources: [app] };
    const { upstreams, start } = house({ a, b });
    await start();
    const text = JSON.stringify({ content: [{ type: 'resource_link', uri: app.uri, name: 'v' }] });
    expect(upstreams.rewriteUris({ endpoint: undefined, upstream: 'b' }, text)).toBe(text);
    await upstreams.apply([spec('a'), spec('b')], terms({ collisions: 'prefix' }));
    const moved = upstreams.exposedUri(undefined, 'b', app.uri);
    expect(moved).toBe('ui://sallyport.b/view');
    expect(upstreams.rewriteUris({ endpoint: undefined, upstream: 'b' }, text)).toContain(`"${moved}"`);
    expect(upstreams.rewriteUris({ endpoint: 'b', upstream: 'b' }, text)).toBe(text);
    expect(upstreams.rewriteUris({ endpoint: undefined, upstream: 'a' }, text)).toBe(text);
    expect(upstreams.exposedUri('b', 'b', app.uri)).toBe(app.uri);
  });
});

describe('what the judge quarantines', () => {
  it('is in no list, and found by its name until the judge thinks otherwise', async () => {
    const { judge, bad, change } = judging();
    bad.add('read').add('p');
    const server = new FakeServer('read', 'write');
    server.more = { prompts: [{ name: 'p' }] };
    const { upstreams, heard, start } = house({ a: server }, 'auto', undefined, { judge });
    await start();
    expect(upstreams.tools().map(({ name }) => name)).toEqual(['write']);
    expect(upstreams.prompts('a')).toEqual([]);
    expect(upstreams.locate(undefined, 'tool', 'read')).toMatchObject({ quarantine: 'changed' });
    expect(upstreams.locate('a', 'prompt', 'p')).toMatchObject({ quarantine: 'changed' });
    bad.clear();
    change();
    expect(upstreams.tools().map(({ name }) => name)).toEqual(['read', 'write']);
    expect(upstreams.locate(undefined, 'tool', 'read')).not.toHaveProperty('quarantine');
    expect(changes(heard).at(-1)).toEqual(['tools', 'prompts']);
  });

  it('is never judged by a list that did not come', async () => {
    const { judge, seen } = judging();
    const [up, down] = [new FakeServer('read'), new FakeServer()];
    down.fault = new Error('broken');
    up.more = { prompts: new Error('broken') };
    const { start } = house({ up, down }, 'auto', undefined, { judge });
    await start();
    expect(new Set(seen)).toEqual(new Set(['up tool read']));
  });

  it('is not asked about any more when the upstreams are closed', async () => {
    const { judge, seen, change } = judging();
    const { upstreams, start } = house({ a: new FakeServer('read') }, 'auto', undefined, { judge });
    await start();
    await upstreams.close();
    const before = seen.length;
    change();
    expect(seen).toHaveLength(before);
  });
});
