import { expect, it, vi } from 'vitest';
import { JournalUnavailable } from '../../../packages/gateway/src/store/journal.js';
import { rule, serve, start, tokens } from './layer-scene.js';

const allowing = { policy: { default: 'allow' as const } };

it('an upstream that is made over REST is up when that is answered, and gone from the lists when removed', async () => {
  const { rest, ask, call, url } = await start(allowing);
  const server = await serve('made', ['made_tool']);
  const listening = await listen(url);
  const body = { id: 'made', url: server, headers: { 'x-key': 'env:UPSTREAM_KEY' }, note: 'a try' };
  const made = await rest('POST /v1/upstreams', { body });
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe('/v1/upstreams/made');
  expect(made.body).toMatchObject({
    id: 'made',
    source: 'api',
    version: 1,
    by: 'olga',
    note: 'a try',
    settings: { url: server, headers: { 'x-key': 'env:UPSTREAM_KEY' } },
    status: { state: 'up', tools: 1 },
  });
  expect(await ask('tools/list')).toContain('made_tool');
  expect(await call('made_tool')).toContain('made ran made_tool');
  await listening.heard('notifications/tools/list_changed');
  const again = listening.next();
  expect((await rest('DELETE /v1/upstreams/made')).status).toBe(204);
  await again('notifications/tools/list_changed');
  expect(await ask('tools/list')).not.toContain('made_tool');
  expect((await rest('GET /v1/upstreams/made')).status).toBe(404);
  listening.end();
});

it('shows upstreams of the file, secrets masked, and changes none of them', async () => {
  const url = await serve('one', ['echo']);
  const { rest } = await start({
    upstreams: { mine: { url, headers: { 'x-key': 'a literal' } } },
    ...allowing,
  });
  const list = await rest('GET /v1/upstreams', { as: 'auditor' });
  expect(list.body.upstreams).toMatchObject([{ id: 'mine', source: 'file', state: 'up' }]);
  const shown = await rest('GET /v1/upstreams/mine', { as: 'auditor' });
  expect(shown.body).toMatchObject({ source: 'file', settings: { headers: { 'x-key': '[masked]' } } });
  expect(shown.headers.get('etag')).toBeNull();
  const answers = [
    await rest('POST /v1/upstreams', { body: { id: 'mine', url } }),
    await rest('PUT /v1/upstreams/mine', { body: { url } }),
    await rest('DELETE /v1/upstreams/mine'),
  ];
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([409, 'read_only']));
});

it('no request starts a program or makes the gateway go where the file does not let it', async () => {
  const { rest, gateway } = await start({
    ...allowing,
    upstreams: { program: { command: 'node', args: ['-e', ''], enabled: false } },
  });
  const program = await rest('POST /v1/upstreams', { body: { id: 'x', command: 'node', args: [] } });
  expect([program.status, program.body.errors[0]]).toEqual([
    400,
    { path: expect.stringMatching(/command|args/) as string, detail: expect.any(String) as string },
  ]);
  expect(JSON.stringify(program.body)).toContain('starts a program');
  const inside = await rest('POST /v1/upstreams', {
    body: { id: 'x', url: 'http://169.254.169.254/latest' },
  });
  expect([inside.status, inside.body.code]).toEqual([422, 'invalid_upstream']);
  const secret = { id: 'x', url: 'https://example.com', headers: { authorization: 'Bearer abcdefgh' } };
  const literal = await rest('POST /v1/upstreams', { body: secret });
  expect([literal.status, JSON.stringify(literal.body)]).toEqual([
    422,
    expect.not.stringContaining('abcdefgh'),
  ]);
  const tested = await rest('POST /v1/upstreams/program/test');
  expect([tested.status, tested.body.code]).toEqual([409, 'read_only']);
  const elsewhere = await rest('POST /v1/upstreams/x/test', { body: { url: 'http://10.0.0.1/' } });
  expect([elsewhere.status, elsewhere.body.code]).toEqual([422, 'invalid_upstream']);
  expect(gateway.upstreams()).toEqual([]);
});

it('replaces an upstream only where it is what was seen, and removes none that rules still name', async () => {
  const [one, other] = [await serve('one', ['echo']), await serve('other', ['echo'])];
  const { rest, call } = await start(allowing);
  const made = await rest('PUT /v1/upstreams/made', { body: { url: one } });
  expect([made.status, made.body.version]).toEqual([200, 1]);
  expect(await call('echo')).toContain('one ran echo');
  const match = { headers: { 'if-match': made.headers.get('etag') ?? '' } };
  const moved = await rest('PUT /v1/upstreams/made', { body: { url: other, note: 'moved' }, ...match });
  expect([moved.status, moved.body.version, moved.body.note]).toEqual([200, 2, 'moved']);
  expect(await call('echo')).toContain('other ran echo');
  const late = [
    await rest('PUT /v1/upstreams/made', { body: { url: one }, ...match }),
    await rest('DELETE /v1/upstreams/made', match),
  ];
  expect(late.map(({ status }) => status)).toEqual([412, 412]);
  await rest('PUT /v1/policies/guard', { body: rule('deny', 'made:echo') });
  const needed = await rest('DELETE /v1/upstreams/made');
  expect([needed.status, needed.body.errors[0].path]).toEqual([422, 'policies.guard.rules[0].match.tools']);
  const bad = await rest('PUT /v1/upstreams/made', { body: { url: 'nowhere' } });
  expect([bad.status, bad.body.errors[0].path]).toEqual([422, 'url']);
  await rest('DELETE /v1/policies/guard');
  expect((await rest('DELETE /v1/upstreams/made?note=done')).status).toBe(204);
  expect((await rest('DELETE /v1/upstreams/made')).status).toBe(404);
});

it('shows every version of an upstream, with who and why, and goes back to one', async () => {
  const [one, other] = [await serve('one', ['echo']), await serve('other', ['echo'])];
  const { rest, call } = await start(allowing);
  const made = await rest('PUT /v1/upstreams/made', { body: { url: one, note: 'first' } });
  const match = { headers: { 'if-match': made.headers.get('etag') ?? '' } };
  await rest('PUT /v1/upstreams/made', { body: { url: other } });
  expect((await rest('DELETE /v1/upstreams/made')).status).toBe(204);
  const back = (version: number, more: object = {}) =>
    rest('POST /v1/upstreams/made/rollback', { body: { version }, ...more });
  expect([(await back(1, match)).status, (await back(9)).status]).toEqual([412, 404]);
  const again = await back(1);
  expect([again.status, again.body]).toMatchObject([
    200,
    { version: 4, settings: { url: one }, note: 'back to version 1', status: { state: 'up' } },
  ]);
  expect(await call('echo')).toContain('one ran echo');
  const { body } = await rest('GET /v1/upstreams/made/history?limit=3', { as: 'auditor' });
  expect(body.versions).toMatchObject([
    { version: 4, settings: { url: one }, by: 'olga' },
    { version: 3, removed: true },
    { version: 2, settings: { url: other } },
  ]);
  const last = await rest(`GET /v1/upstreams/made/history?cursor=${body.next_cursor}`, { as: 'auditor' });
  expect(last.body.versions).toMatchObject([{ version: 1, note: 'first' }]);
  expect((await rest('GET /v1/upstreams/none/history')).status).toBe(404);
});

it('tries a server without keeping anything of it', async () => {
  const server = await serve('made', ['made_tool']);
  const { rest, gateway } = await start(allowing);
  const tried = await rest('POST /v1/upstreams/some/test', { body: { url: server } });
  expect([tried.status, tried.body]).toEqual([
    200,
    expect.objectContaining({ state: 'up', era: 'modern', tools: ['made_tool'] }) as object,
  ]);
  const nobody = await rest('POST /v1/upstreams/some/test', { body: { url: 'http://127.0.0.1:1/mcp' } });
  expect(nobody.body).toMatchObject({ state: 'down', reason: expect.stringContaining('connect') as string });
  expect((await rest('POST /v1/upstreams/some/test')).status).toBe(404);
  expect(gateway.upstreams()).toEqual([]);
  expect(gateway.store.pins.list()).toEqual([]);
  await rest('POST /v1/upstreams', { body: { id: 'some', url: server } });
  expect((await rest('POST /v1/upstreams/some/test')).body).toMatchObject({ state: 'up' });
});

it('an upstream that cannot be recorded is not made', async () => {
  const server = await serve('made', ['made_tool']);
  const { rest, gateway } = await start(allowing);
  await rest('POST /v1/upstreams', { body: { id: 'some', url: server } });
  await rest('PUT /v1/upstreams/some', { body: { url: server, timeoutSeconds: 6 } });
  const commit = vi.spyOn(gateway.store.journal, 'commit').mockRejectedValue(new JournalUnavailable('full'));
  const answers = [
    await rest('POST /v1/upstreams', { body: { id: 'other', url: server } }),
    await rest('PUT /v1/upstreams/some', { body: { url: server, timeoutSeconds: 7 } }),
    await rest('DELETE /v1/upstreams/some'),
    await rest('POST /v1/upstreams/some/rollback', { body: { version: 1 } }),
  ];
  commit.mockRestore();
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([503, 'unrecorded']));
  expect(gateway.upstreams().map(({ id }) => id)).toEqual(['some']);
});

/** Hears what a modern client is told of lists. */
async function listen(url: string) {
  const abort = new AbortController();
  const params = {
    notifications: { toolsListChanged: true },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  };
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${tokens.agent}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'subscriptions/listen', params }),
    signal: abort.signal,
  });
  let text = '';
  let wake = () => {};
  void (async () => {
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('utf8');
      wake();
    }
  })().catch(() => undefined);
  const heardFrom = (start: number) => async (words: string) => {
    while (!text.slice(start).includes(words)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { heard: heardFrom(0), next: () => heardFrom(text.length), end: () => abort.abort() };
}
