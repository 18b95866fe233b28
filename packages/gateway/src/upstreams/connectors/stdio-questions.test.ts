import { afterEach, describe, expect, it } from 'vitest';
import {
  connectionDeps,
  context,
  stdioSpec,
  textOf,
  until,
} from '../../../../../test/fixtures/upstreams/deps.js';
import type { ClientAnswer, UpstreamQuestion } from '../../model/client.js';
import type { JsonObjectText } from '../../model/json.js';
import type { Tool } from '../../model/tool.js';
import type { Connection, OutgoingRequest } from '../connection.js';
import { createStdioConnect } from './stdio.js';

const connect = createStdioConnect();
const open: Connection[] = [];

async function started(
  era: 'legacy' | 'modern',
  more: Parameters<typeof context>[0] = {},
): Promise<Connection> {
  const pinned = { revision: era === 'legacy' ? '2025-11-25' : '2026-07-28' } as const;
  const spec = stdioSpec(era, { ...pinned, env: { FULL: { parts: ['1'] } } });
  const made = await connect(spec, connectionDeps, context(more));
  open.push(made);
  await made.start();
  return made;
}

function call(name: string, args: object = {}, more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  const members = `"name":"${name}","arguments":${JSON.stringify(args)}`;
  return { method: 'tools/call', members, target: { kind: 'tool', name } as Tool, timeoutMs: 5000, ...more };
}

function answer(value: object): ClientAnswer {
  return { kind: 'result', result: { text: JSON.stringify(value), value } as JsonObjectText };
}

const accept = answer({ action: 'accept', content: { ok: true } });
const elicit = { method: 'elicitation/create', params: { message: 'Sure?', n: 1 } };

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('what a legacy server asks', () => {
  it('is put to the client behind the call as it came, and answered as it was answered', async () => {
    const made = await started('legacy');
    const heard: UpstreamQuestion[] = [];
    const questions = [elicit, { method: 'sampling/createMessage', params: {} }, { method: 'roots/list' }];
    const said = await made.request(
      call(
        'ask',
        { questions },
        {
          ask: async (question) => {
            heard.push(question);
            if (question.method === 'roots/list') {
              return { kind: 'error', error: { code: 4711, message: 'no "roots"' } };
            }
            return answer({ to: question.method });
          },
        },
      ),
    );
    expect(heard.map(({ params }) => params.text)).toEqual(['{"message":"Sure?","n":1}', '{}', '{}']);
    expect(JSON.parse(textOf(said))).toEqual([
      { result: { to: 'elicitation/create' } },
      { result: { to: 'sampling/createMessage' } },
      { error: { code: 4711, message: 'no "roots"' } },
    ]);
  });

  it('is refused in plain words where nobody can be asked', async () => {
    const made = await started('legacy');
    const questions = [elicit, { method: 'tools/list' }];
    const said = JSON.parse(textOf(await made.request(call('ask', { questions }))));
    expect(said[0].error).toMatchObject({
      code: -32601,
      message: expect.stringContaining('cannot be asked'),
    });
    expect(said[1].error).toMatchObject({ code: -32601 });
  });

  it('is put about the call that has a client to ask, whichever others are in flight', async () => {
    const made = await started('legacy');
    const silent = made.request(call('sleep', { ms: 200, label: 'x' }));
    const said = await made.request(call('ask', { questions: [elicit] }, { ask: async () => accept }));
    expect(JSON.parse(textOf(said))).toEqual([{ result: { action: 'accept', content: { ok: true } } }]);
    await silent;
  });

  it('does not use up the time of the call while somebody is being asked', async () => {
    const made = await started('legacy');
    const said = await made.request(
      call(
        'ask',
        { questions: [elicit] },
        {
          timeoutMs: 300,
          ask: () => new Promise((resolve) => setTimeout(() => resolve(accept), 600)),
        },
      ),
    );
    expect(textOf(said)).toContain('accept');
    const slow = { questions: [elicit] };
    const late = made.request(call('ask', slow, { timeoutMs: 200, ask: async () => accept }));
    await expect(late).resolves.toBeDefined();
    await expect(made.request(call('sleep', { ms: 5000 }, { timeoutMs: 100 }))).rejects.toMatchObject({
      kind: 'timeout',
    });
  });

  it('is withdrawn when the server withdraws it, and then not answered', async () => {
    const made = await started('legacy');
    const signals: UpstreamQuestion['signal'][] = [];
    const said = await made.request(
      call(
        'withdraw',
        {},
        {
          ask: ({ signal }) => {
            signals.push(signal);
            return new Promise((resolve) => signal.addEventListener('abort', () => resolve(accept)));
          },
        },
      ),
    );
    expect(textOf(said)).toBe('withdrawn');
    expect(signals[0]?.aborted).toBe(true);
  });

  it('is withdrawn and answered with a cancel when its call ends first', async () => {
    const made = await started('legacy');
    const signals: UpstreamQuestion['signal'][] = [];
    const ask: OutgoingRequest['ask'] = ({ signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    expect(textOf(await made.request(call('leave', {}, { ask })))).toBe('left');
    expect(signals[0]?.aborted).toBe(true);
    await expect
      .poll(async () => JSON.parse(textOf(await made.request(call('heard')))))
      .toContainEqual({ result: { action: 'cancel' } });
  });

  it('is withdrawn when the caller cancels, who need not wait for the answer', async () => {
    const made = await started('legacy');
    const aborter = new AbortController();
    const signals: UpstreamQuestion['signal'][] = [];
    const left = made.request(
      call(
        'ask',
        { questions: [elicit] },
        {
          signal: aborter.signal,
          ask: ({ signal }) => {
            signals.push(signal);
            aborter.abort();
            return new Promise(() => undefined);
          },
        },
      ),
    );
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', sent: true });
    expect(signals[0]?.aborted).toBe(true);
  });

  it('is limited to 16 at once for one call', async () => {
    const made = await started('legacy');
    let asked = 0;
    const questions = Array.from({ length: 20 }, () => elicit);
    const said = await made.request(
      call(
        'ask',
        { questions },
        {
          ask: async () => {
            asked++;
            await new Promise((resolve) => setTimeout(resolve, 50));
            return accept;
          },
        },
      ),
    );
    expect(asked).toBe(16);
    const refused = JSON.parse(textOf(said)).filter((one: { error?: object }) => one.error !== undefined);
    expect(refused).toHaveLength(4);
    expect(refused[0].error.message).toContain('16 things at once');
  });

  it('gets an error that gives nothing away when asking fails', async () => {
    const made = await started('legacy');
    const said = await made.request(
      call('ask', { questions: [elicit] }, { ask: () => Promise.reject(new Error('s3cret broke')) }),
    );
    expect(textOf(said)).toContain('-32603');
    expect(textOf(said)).not.toContain('s3cret');
  });
});

describe('what a server is told about the client', () => {
  const capabilities = '{"elicitation":{"form":{},"url":{}},"roots":{"listChanged":true}}';

  it('is the profile of the conversation for a legacy one, byte for byte', async () => {
    const made = await started('legacy', { capabilities });
    expect(textOf(await made.request(call('declared')))).toBe(capabilities);
    made.notify('notifications/roots/list_changed');
    expect(textOf(await made.request(call('heard')))).toContain('roots changed');
  });

  it('is what the client of each request can do, and its log level, for a modern one', async () => {
    const made = await started('modern');
    const client = { capabilities, asker: 'a', logLevel: 'warning', info: '{"name":"theirs"}' };
    const meta = JSON.parse(textOf(await made.request(call('declared', {}, { client }))));
    expect(meta).toEqual({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'sallyport', version: '0.0.0-test' },
      'io.modelcontextprotocol/clientCapabilities': JSON.parse(capabilities),
      'io.modelcontextprotocol/logLevel': 'warning',
    });
    const next = JSON.parse(textOf(await made.request(call('declared'))));
    expect(next['io.modelcontextprotocol/clientCapabilities']).toEqual({});
  });
});

describe('what a server says besides', () => {
  it('goes to the one call in flight, and else to those who listen', async () => {
    const news: string[] = [];
    const made = await started('legacy', { onNews: (method, params) => news.push(`${method} ${params}`) });
    const heard: string[] = [];
    const onNotification = (method: string, params: string) => heard.push(`${method} ${params}`);
    await made.request(call('log', { data: 1 }, { onNotification }));
    expect(heard).toEqual(['notifications/message {"level":"info","data":1}']);
    const other = made.request(call('sleep', { ms: 100, label: 'x' }));
    await made.request(call('log', { data: 2 }, { onNotification }));
    await other;
    expect(heard).toHaveLength(1);
    expect(news).toEqual(['notifications/message {"level":"info","data":2}']);
    await made.request(call('touch', { uri: 'x://1' }, { onNotification }));
    expect(news[1]).toBe('notifications/resources/updated {"uri":"x://1"}');
  });
});

describe('a modern server on a pipe', () => {
  it('puts no request of its own to anybody, as all callers share its connection', async () => {
    const made = await started('modern');
    let asked = 0;
    const ask: OutgoingRequest['ask'] = async () => {
      asked++;
      return accept;
    };
    const said = JSON.parse(textOf(await made.request(call('ask', { questions: [elicit] }, { ask }))));
    expect(said[0].error).toMatchObject({ code: -32600 });
    expect(asked).toBe(0);
  });
});

describe('what a modern server on a pipe is asked to tell', () => {
  it('is told anew for each set of resources, the former request ending only then', async () => {
    const news: string[] = [];
    const made = await started('modern', { onNews: (_, params) => news.push(params) });
    await made.follow(['x://1', 'x://2']);
    await made.follow(['x://2']);
    await made.request(call('touch', { uri: 'x://2' }));
    expect(news).toEqual(['{"uri":"x://2"}']);
    const heard = JSON.parse(textOf(await made.request(call('heard'))));
    expect(heard.map((one: { listen: object }) => one.listen)).toEqual([
      { toolsListChanged: true },
      { toolsListChanged: true, resourceSubscriptions: ['x://1', 'x://2'] },
      { toolsListChanged: true, resourceSubscriptions: ['x://2'] },
    ]);
    const cancelled = JSON.parse(textOf(await made.request(call('cancelled'))));
    expect(cancelled).toHaveLength(2);
    await made.idle();
  });

  it('is the resident memory of the whole group that a child costs', async () => {
    const made = await started('legacy');
    if (process.platform !== 'win32') expect(await made.memoryBytes()).toBeGreaterThan(10_000_000);
    expect(made.busy).toBe(false);
    const slow = made.request(call('sleep', { ms: 50, label: 'x' }));
    expect(made.busy).toBe(true);
    await slow;
    await until(() => !made.busy);
  });
});
