import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  connectionDeps,
  context,
  httpSpec,
  stdioSpec,
  textOf,
  until,
} from '../../../../../test/fixtures/upstreams/deps.js';
import { serveHttp, serveSse, waits } from '../../../../../test/fixtures/upstreams/sdk-legacy-server.mjs';
import type { Ask, ClientAnswer } from '../../model/client.js';
import type { JsonObjectText } from '../../model/json.js';
import type { Tool } from '../../model/tool.js';
import { type Connect, type Connection, OtherTransport, type OutgoingRequest } from '../connection.js';
import type { UpstreamSpec } from '../upstream-spec.js';
import { createHttpConnect } from './http.js';
import { createSseConnect } from './sse.js';
import { createStdioConnect } from './stdio.js';

const closers: (() => unknown)[] = [];
const connectors: Record<UpstreamSpec['kind'], Connect> = {
  stdio: createStdioConnect(),
  http: createHttpConnect(),
  sse: createSseConnect(),
};
const capabilities = '{"elicitation":{},"sampling":{},"roots":{}}';
const program = fileURLToPath(
  new URL('../../../../../test/fixtures/upstreams/sdk-legacy-server.mjs', import.meta.url),
);

async function connected(spec: UpstreamSpec, more: Parameters<typeof context>[0] = {}): Promise<Connection> {
  const made = await connectors[spec.kind](spec, connectionDeps, context({ capabilities, ...more }));
  closers.unshift(() => made.close());
  await made.start();
  return made;
}

async function httpServer() {
  const server = await serveHttp();
  closers.push(() => server.close());
  return server;
}

async function sseServer() {
  const server = await serveSse();
  closers.push(() => server.close());
  return server;
}

const transports: [string, () => Promise<Connection>][] = [
  ['stdio', () => connected(stdioSpec('', { args: [program] }))],
  ['Streamable HTTP', async () => connected(httpSpec((await httpServer()).url))],
  ['HTTP+SSE', async () => connected({ ...httpSpec((await sseServer()).url), kind: 'sse' })],
];

function call(name: string, more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    method: 'tools/call',
    members: `"name":"${name}","arguments":{}`,
    target: { kind: 'tool', name, inputSchema: {} } as unknown as Tool,
    timeoutMs: 10_000,
    credential: new Map(),
    ...more,
  };
}

function answer(value: object): ClientAnswer {
  return { kind: 'result', result: { text: JSON.stringify(value), value } as JsonObjectText };
}

const answers: Record<string, object> = {
  'elicitation/create': { action: 'accept', content: { ok: true } },
  'sampling/createMessage': { role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } },
  'roots/list': { roots: [{ uri: 'file:///home' }] },
};
const ask: Ask = async ({ method }) => answer(answers[method] ?? {});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe.each(transports)('a server on SDK 1.x over %s', (_name, connect) => {
  it('is told what the client can do', async () => {
    const made = await connect();
    expect(JSON.parse(textOf(await made.request(call('declared'))))).toMatchObject({
      sampling: {},
      roots: {},
    });
  });

  it('gets answers to what it asks, on the stream of the call and beside it, several times', async () => {
    const made = await connect();
    const said = async (name: string) => JSON.parse(textOf(await made.request(call(name, { ask }))));
    expect(await said('confirm')).toEqual({ action: 'accept', content: { ok: true } });
    expect(await said('confirmAside')).toEqual({ action: 'accept', content: { ok: true } });
    expect(await said('sample')).toMatchObject({ content: { text: 'Paris' } });
    expect(await said('roots')).toEqual({ roots: [{ uri: 'file:///home' }] });
    expect(await said('three')).toHaveLength(3);
  });

  it('tells of progress, hears of a cancellation and sends results of 5 MB', async () => {
    const made = await connect();
    const heard: string[] = [];
    await made.request(call('progress', { onProgress: (params) => heard.push(params) }));
    expect(heard.map((params) => JSON.parse(params).progress)).toEqual([1, 2, 3]);
    const aborter = new AbortController();
    const before = waits.cancelled;
    const onProgress = () => aborter.abort();
    const left = made.request(call('wait', { signal: aborter.signal, onProgress }));
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', sent: true });
    if (made.pid === undefined) await until(() => waits.cancelled > before);
    expect(textOf(await made.request(call('big')))).toHaveLength(5_000_000);
  });
});

describe('calls at the same time over Streamable HTTP', () => {
  it('are told apart by their streams: each asks its own client', async () => {
    const made = await connected(httpSpec((await httpServer()).url));
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const own: Ask = async () => answer({ action: 'accept', content: { ok: index % 2 === 0 } });
        return made.request(call('confirm', { ask: own }));
      }),
    );
    expect(replies.map((reply) => JSON.parse(textOf(reply)).content.ok)).toEqual(
      replies.map((_, index) => index % 2 === 0),
    );
  });
});

describe('a stream over Streamable HTTP that ends before the answer', () => {
  it('is taken up again where it ended, after the time that the server asks for, without another call', async () => {
    const server = await httpServer();
    const made = await connected(httpSpec(server.url));
    await until(() => server.seen.some(({ method }) => method === 'GET'));
    const before = server.seen.length;
    expect(textOf(await made.request(call('poll')))).toBe('polled');
    const after = server.seen.slice(before);
    expect(after.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(after[1]?.headers).toMatchObject({ 'last-event-id': expect.any(String) });
  });
});

describe('an HTTP+SSE server', () => {
  it('is recognised behind the URL of an upstream that was taken for Streamable HTTP', async () => {
    const { url } = await sseServer();
    const made = await connectors.http(httpSpec(url), connectionDeps, context());
    await expect(made.start()).rejects.toBeInstanceOf(OtherTransport);
    await made.close();
  });

  it('takes the upstream down when it ends the stream, with what was in flight as possibly run', async () => {
    const server = await sseServer();
    const down: string[] = [];
    const spec = { ...httpSpec(server.url), kind: 'sse' } as const;
    const made = await connected(spec, { onDown: (reason) => down.push(reason) });
    let failed: Promise<void> | undefined;
    await new Promise<void>((begun) => {
      const open = made.request(call('wait', { onProgress: () => begun() }));
      failed = expect(open).rejects.toMatchObject({ kind: 'unavailable', sent: true });
    });
    await server.close();
    await failed;
    expect(down).toHaveLength(1);
    await expect(made.request(call('roots'))).rejects.toMatchObject({ sent: false });
  });
});
