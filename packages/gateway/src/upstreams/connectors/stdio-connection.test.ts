import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  connectionDeps,
  context,
  isRunning,
  resultOf,
  serverFacts,
  stdioSpec,
  textOf,
} from '../../../../../test/fixtures/upstreams/deps.js';
import type { Tool } from '../../model/tool.js';
import { UpstreamFailure } from '../../model/upstream.js';
import { type Connection, type OutgoingRequest, ProbeExit } from '../connection.js';
import type { StdioSpec } from '../upstream-spec.js';
import { createStdioConnect } from './stdio.js';

const connect = createStdioConnect();
const open: Connection[] = [];

async function connection(spec: StdioSpec, more: Parameters<typeof context>[0] = {}): Promise<Connection> {
  const made = await connect(spec, connectionDeps, context(more));
  open.push(made);
  return made;
}

function call(name: string, args = '{}', more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  const members = `"name":"${name}","arguments":${args}`;
  return { method: 'tools/call', members, target: { kind: 'tool', name } as Tool, timeoutMs: 5000, ...more };
}

const legacy = async (more: Parameters<typeof context>[0] = {}) => {
  const made = await connection(stdioSpec('legacy', { revision: '2025-11-25' }), more);
  await made.start();
  return made;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('era detection over stdio', () => {
  function counted(era: string) {
    const log = join(mkdtempSync(join(tmpdir(), 'sallyport-')), 'starts');
    const spec = stdioSpec(era, { env: { START_LOG: { parts: [log] } } });
    return { spec, starts: () => readFileSync(log, 'utf8').trim().split('\n').length };
  }

  it('finds a legacy server that refuses the probe, on the same process', async () => {
    const { spec, starts } = counted('legacy');
    const facts = await (await connection(spec)).start();
    expect(facts).toEqual(serverFacts({ capabilities: { tools: { listChanged: true } } }));
    expect(starts()).toBe(1);
  });

  it('finds a modern server on the same process and sends it the envelope of its era', async () => {
    const { spec, starts } = counted('modern');
    const made = await connection(spec);
    expect((await made.start()).revision).toBe('2026-07-28');
    expect(starts()).toBe(1);
    const { params } = JSON.parse(textOf(await made.request(call('echo'))));
    expect(params._meta).toEqual({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'sallyport', version: '0.0.0-test' },
      'io.modelcontextprotocol/clientCapabilities': {},
    });
  });

  it('speaks the legacy way with a server that never answers the probe', async () => {
    const { spec, starts } = counted('silent');
    expect((await (await connection(spec)).start()).revision).toBe('2025-11-25');
    expect(starts()).toBe(1);
  });

  it('takes a late modern answer when the legacy way is refused', async () => {
    const { spec, starts } = counted('late-modern');
    expect((await (await connection(spec)).start()).revision).toBe('2026-07-28');
    expect(starts()).toBe(1);
  });

  it('says so when the probe ended the process, and starts straight when told that the server is legacy', async () => {
    await expect((await connection(stdioSpec('exits'))).start()).rejects.toBeInstanceOf(ProbeExit);
    const second = await connection(stdioSpec('exits'), { knownLegacy: true });
    expect((await second.start()).revision).toBe('2025-11-25');
  });

  it('offers the pinned revision and does not probe', async () => {
    const facts = await (await connection(stdioSpec('exits', { revision: '2025-06-18' }))).start();
    expect(facts.revision).toBe('2025-06-18');
  });
});

describe('calls over stdio', () => {
  it('gives each of 100 interleaved calls of different latency its own reply', async () => {
    const made = await legacy();
    const labels = Array.from({ length: 100 }, (_, index) => `call-${index}`);
    const replies = await Promise.all(
      labels.map((label, index) =>
        made.request(call('sleep', JSON.stringify({ ms: (index * 37) % 50, label }))),
      ),
    );
    expect(replies.map(textOf)).toEqual(labels);
  });

  it('relays arguments byte for byte and results byte for byte', async () => {
    const made = await legacy();
    const args = '{"id":9007199254740993,"one":1.0,"z":1,"a":{"y":1e2,"b":-0}}';
    expect(textOf(await made.request(call('echo', args)))).toContain(`"arguments":${args}`);
    const result = resultOf(await made.request(call('raw')));
    expect(result.text).toBe('{"big":9007199254740993, "one":1.0,"z":1,"a":[ 2 ],"content":[]}');
    expect(result.value.big).toBe(9007199254740993n);
  });

  it('writes each request on one line, however its arguments are laid out', async () => {
    const made = await legacy();
    const args = '{\r\n  "text": "a\u2028b\u2029c"\n}';
    const line = textOf(await made.request(call('echo', args)));
    expect(line).not.toMatch(/[\u2028\u2029]/);
    expect(JSON.parse(line).params.arguments).toEqual({ text: 'a\u2028b\u2029c' });
  });

  it('passes end-to-end metadata on and lets it forge nothing of its own hop', async () => {
    const made = await connection(stdioSpec('modern'));
    await made.start();
    const meta = new Map([
      ['traceparent', '"00-1"'],
      ['progressToken', '5'],
      ['io.modelcontextprotocol/protocolVersion', '"1999"'],
    ]);
    const line = textOf(await made.request(call('echo', '{}', { meta })));
    expect(JSON.parse(line).params._meta).toMatchObject({
      traceparent: '00-1',
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    });
    expect(line).not.toContain('1999');
    expect(line).not.toContain('progressToken');
  });

  it('hands progress to the call that it belongs to', async () => {
    const made = await legacy();
    const heard: string[] = [];
    await made.request(call('progress', '{}', { onProgress: (params) => heard.push(params) }));
    expect(heard).toHaveLength(1);
    expect(JSON.parse(heard[0] ?? '')).toMatchObject({ progress: 1, note: '1.0' });
  });

  it('skips what is no message and answers to requests that are not open', async () => {
    const made = await legacy();
    expect(textOf(await made.request(call('garbage')))).toBe('still here');
  });

  it('fails a call at once whose answer two parsers could read differently', async () => {
    const made = await legacy();
    await expect(made.request(call('loose'))).rejects.toMatchObject({ kind: 'malformed', sent: true });
  });

  it('lets no interim result pass for a result', async () => {
    const made = await legacy();
    await expect(made.request(call('interim'))).rejects.toMatchObject({ kind: 'malformed', sent: true });
  });

  it('answers a ping and refuses every other request of the server', async () => {
    const made = await legacy();
    expect(JSON.parse(textOf(await made.request(call('ping'))))).toEqual([
      { id: 'p-1', result: {} },
      { id: 77, code: -32601 },
    ]);
  });

  it('stops waiting at the deadline, and when the caller cancels, and tells the server', async () => {
    const made = await legacy();
    const slow = JSON.stringify({ ms: 60_000, label: 'late' });
    const late = made.request(call('sleep', slow, { timeoutMs: 30 }));
    await expect(late).rejects.toMatchObject({ kind: 'timeout', sent: true });
    const aborter = new AbortController();
    const left = made.request(call('sleep', slow, { signal: aborter.signal }));
    aborter.abort();
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', sent: true });
    expect(JSON.parse(textOf(await made.request(call('cancelled'))))).toHaveLength(2);
  });

  it('sends nothing for a caller who cancelled before', async () => {
    const made = await legacy();
    const left = made.request(call('echo', '{}', { signal: AbortSignal.abort() }));
    await expect(left).rejects.toMatchObject({ kind: 'cancelled', sent: false });
  });

  it('fails open calls as possibly run when the process dies, and later ones as not sent', async () => {
    const reasons: string[] = [];
    const made = await legacy({ onDown: (reason) => reasons.push(reason) });
    await expect(made.request(call('crash'))).rejects.toMatchObject({ kind: 'unavailable', sent: true });
    await expect(made.request(call('echo'))).rejects.toMatchObject({ kind: 'unavailable', sent: false });
    expect(reasons).toEqual(['the process exited with code 7']);
  });

  it('ends a process that closed its input, and sends no call into the void', async () => {
    const reasons: string[] = [];
    const made = await legacy({ onDown: (reason) => reasons.push(reason) });
    await made.request(call('deaf'));
    await expect(made.request(call('echo'))).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(made.request(call('echo'))).rejects.toMatchObject({ kind: 'unavailable', sent: false });
    expect(reasons).toEqual(['the process closed its input']);
  });

  it('gives up on a process that writes nothing but noise', async () => {
    const made = await legacy();
    await expect(made.request(call('flood'))).rejects.toBeInstanceOf(UpstreamFailure);
  });

  it('hears that the tools changed, from a legacy server and from a modern one', async () => {
    for (const era of ['legacy', 'modern']) {
      const changed = new Promise<void>((resolve) => {
        void connection(stdioSpec(era), { onListChanged: () => resolve() }).then(async (made) => {
          await made.start();
          await made.request(call('grow'));
        });
      });
      await changed;
    }
  });
});

describe('the child process', () => {
  it('has nothing in its environment but PATH, locale and what is configured', async () => {
    process.env.SALLYPORT_TEST_LEAK = 'leaked';
    const spec = stdioSpec('legacy', { revision: '2025-11-25', env: { TOKEN: { parts: ['abc', 'def'] } } });
    const made = await connection(spec);
    await made.start();
    const environment = JSON.parse(textOf(await made.request(call('environment'))));
    expect(environment).toEqual({ ...connectionDeps.baseEnvironment, TOKEN: 'abcdef' });
  });

  it('has its last words in the reason for its end, safe to print', async () => {
    const start = (await connection(stdioSpec('crash', { revision: '2025-11-25' }))).start();
    await expect(start).rejects.toThrow('exited with code 3: cannot read the \\u{1b}[31mconfiguration');
  });

  it('is reported when it cannot be started at all', async () => {
    const start = (await connection(stdioSpec('legacy', { command: '/nowhere/server' }))).start();
    await expect(start).rejects.toThrow('cannot start "/nowhere/server"');
  });

  it('is gone after close, with descendants that ignore every polite request', async () => {
    const spec = stdioSpec('legacy', { revision: '2025-11-25', env: { STUBBORN: { parts: ['1'] } } });
    const made = await connection(spec);
    await made.start();
    const family = [made.pid ?? 0, Number(textOf(await made.request(call('family'))))];
    expect(family.map(isRunning)).toEqual([true, true]);
    await made.close();
    expect(family.map(isRunning)).toEqual([false, false]);
  }, 10_000);

  it('resolves idle only when the last call is answered', async () => {
    const made = await legacy();
    await made.idle();
    const order: string[] = [];
    const answered = made
      .request(call('sleep', JSON.stringify({ ms: 20, label: 'x' })))
      .then(() => order.push('reply'));
    await Promise.all([made.idle().then(() => order.push('idle')), answered]);
    expect(order.toSorted()).toEqual(['idle', 'reply']);
  });
});
