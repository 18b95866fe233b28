import { expect, it } from 'vitest';
import { SallyportClient, SallyportError } from '../../../packages/client/src/index.js';
import { serve, start, tokens } from './layer-scene.js';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it('a program registers servers, tries them and takes them away', async () => {
  const server = await serve('made', ['made_tool']);
  const { url } = await start({ policy: { default: 'allow' } });
  const client = new SallyportClient({ baseUrl: url, token: tokens.operator });
  expect(await client.testUpstream('made', { url: server })).toMatchObject({
    state: 'up',
    tools: ['made_tool'],
  });
  expect(await client.registerUpstream('made', server, { note: 'a try' })).toMatchObject({ state: 'up' });
  expect((await client.upstreams()).map(({ id }) => id)).toEqual(['made']);
  const refused = client.registerUpstream('other', { url: 'https://10.0.0.1/' });
  await expect(refused).rejects.toMatchObject({ code: 'invalid_upstream', errors: [{ path: 'url' }] });
  await client.removeUpstream('made');
  expect(await client.upstreams()).toEqual([]);
});

it('a program makes policies, explains and compares them, and goes back', async () => {
  const server = await serve('one', ['echo', 'wipe']);
  const { url, call } = await start({ upstreams: { u: { url: server } }, policy: { default: 'allow' } });
  const { policies } = new SallyportClient({ baseUrl: url, token: tokens.operator });
  const stop = (tool: string) => ({
    rules: [{ id: 'stop', effect: 'deny' as const, match: { tools: [tool] } }],
  });
  const first = await policies.put('guard', stop('wipe'), { note: 'for now' });
  expect(await call('wipe')).toContain('api:stop');
  expect((await policies.explain({ tool: 'wipe', at: new Date(0) })).decision.rule).toBe('api:stop');
  expect((await policies.diff({ name: 'guard', ...stop('echo') })).changes.length).toBeGreaterThan(0);
  expect((await policies.check({ name: 'guard', ...stop('ecoh') }))[0]).toMatchObject({ severity: 'error' });
  const second = await policies.put('guard', stop('echo'), { ifRevision: first.revision });
  const late = await policies
    .put('guard', stop('wipe'), { ifRevision: first.revision })
    .catch((cause) => cause);
  expect(late).toBeInstanceOf(SallyportError);
  expect(late).toMatchObject({ status: 412, code: 'precondition_failed' });
  await policies.rollBack('guard', 1, { ifRevision: second.revision });
  expect((await all(policies.list())).map(({ name, source }) => [name, source])).toEqual([
    ['file', 'file'],
    ['guard', 'api'],
  ]);
  expect((await policies.get('guard')).version).toBe(3);
  await policies.remove('guard', { note: 'enough' });
  const versions = await all(policies.history('guard'));
  expect(versions.map(({ version, note }) => [version, note])).toEqual([
    [4, 'enough'],
    [3, 'back to version 1'],
    [2, undefined],
    [1, 'for now'],
  ]);
  expect(await call('wipe')).toContain('one ran wipe');
});
