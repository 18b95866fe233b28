import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import type { AuditEntry } from '../../packages/client/src/types.js';
import type { ConfigInput } from '../../packages/contract/src/config.js';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { startServers } from './compatibility/servers.js';
import { scratchFolder, until } from './gateway-process.js';

const scratch = scratchFolder();
const tokens = { ALICE: 'alice-token-0001', BOB: 'bob-token-00002', AUDITOR: 'auditor-token-03' };
const hour = 3_600_000;

/** How far the clock of the gateway is ahead; its timers are not. */
let ahead = 0;
let servers: Awaited<ReturnType<typeof startServers>>;
let gateway: Gateway;
let baseUrl: string;

beforeAll(async () => {
  servers = await startServers(scratch.path, join(scratch.path, 'notes.txt'));
  const token = (principal: string, name: string, role: 'agent' | 'auditor') => ({
    principal,
    tokens: [`env:${name}`],
    roles: [role],
  });
  const config: ConfigInput = {
    listen: { port: 0 },
    auth: {
      tokens: [
        token('alice', 'ALICE', 'agent'),
        token('bob', 'BOB', 'agent'),
        token('eve', 'AUDITOR', 'auditor'),
      ],
    },
    names: { prefix: 'always' },
    upstreams: servers.upstreams,
    policy: { default: 'allow', rules: [{ id: 'all', match: { methods: ['*'] }, effect: 'allow' }] },
  };
  gateway = await openGateway({
    config: await configInMemory(config, scratch.path, { environment: tokens }),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    clock: { ...systemClock, now: () => systemClock.now() + ahead },
    mode: 'serve',
  });
  baseUrl = (await gateway.start()).url ?? '';
  await until('every upstream to be up', async () => (await fetch(`${baseUrl}/readyz`)).status === 200);
});

afterAll(async () => {
  await gateway.stop('test');
  servers.stop();
  scratch.remove();
});

interface Reply {
  readonly result?: {
    readonly resultType: string;
    readonly requestState?: string;
    readonly inputRequests?: Record<string, { method: string }>;
    readonly content?: { text: string }[];
  };
  readonly error?: { readonly code: number; readonly message: string };
}

let ids = 0;

/** One `tools/call` of 2026-07-28 as it is on the wire, from a client that can be asked. */
async function call(
  who: keyof typeof tokens,
  name: string,
  args: object,
  more: object = {},
): Promise<Reply & { status: number }> {
  ids += 1;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'by-hand', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, sampling: {} },
  };
  const params = { name, arguments: args, ...more, _meta };
  const response = await fetch(`${baseUrl}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${tokens[who]}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: ids, method: 'tools/call', params }),
  });
  const text = await response.text();
  const body = text.startsWith('{') ? text : lastEvent(text);
  return { ...(JSON.parse(body) as Reply), status: response.status };
}

function lastEvent(stream: string): string {
  const data = stream.split('\n').filter((line) => line.startsWith('data: {'));
  return data.at(-1)?.slice('data: '.length) ?? stream;
}

/** What was asked, and the answers to it under the same keys. */
function answersTo(reply: Reply): { requestState: string | undefined; inputResponses: object } {
  const keys = Object.keys(reply.result?.inputRequests ?? {});
  const answer = { action: 'accept', content: { answer: 'yes' } };
  return {
    requestState: reply.result?.requestState,
    inputResponses: Object.fromEntries(keys.map((key) => [key, answer])),
  };
}

/** The newest refusal of something malformed by `caller`, as soon as the trail can be asked for it. */
async function refusedOf(caller: string, after: number): Promise<AuditEntry[]> {
  const auditor = new SallyportClient({ baseUrl, token: tokens.AUDITOR });
  let found: AuditEntry[] = [];
  await until(`a record of what ${caller} sent`, async () => {
    found = [];
    for await (const entry of auditor.audit({ caller, type: ['call.received_invalid'], limit: 100 }))
      found.push(entry);
    return found.length > after;
  });
  return found;
}

describe.each(['http-modern', 'http-legacy', 'stdio-modern', 'stdio-legacy'])(
  'a question of %s',
  (server) => {
    const tool = `${server}__ask`;
    const args = { question: 'Really?' };

    async function asked(who: keyof typeof tokens = 'ALICE'): Promise<ReturnType<typeof answersTo>> {
      const reply = await call(who, tool, args);
      expect(reply.result, JSON.stringify(reply)).toMatchObject({ resultType: 'input_required' });
      expect(reply.result?.requestState).toEqual(expect.any(String));
      return answersTo(reply);
    }

    /** What is wrong with each of these is in the title; the call itself goes on and can still be answered. */
    const wrong = [
      ['forged', 'ALICE', tool, args, (state: string) => `${state.slice(0, -2)}AA`],
      ['of another caller', 'BOB', tool, args, (state: string) => state],
      ['of other arguments', 'ALICE', tool, { question: 'Something else?' }, (state: string) => state],
      ['of another tool', 'ALICE', `${server}__sample`, { prompt: 'Really?' }, (state: string) => state],
    ] as const;

    it.each(wrong)('is not answered with a requestState %s, and that is recorded', async (...example) => {
      const [, who, name, sent, changed] = example;
      const answers = await asked();
      const before = (await refusedOf(who.toLowerCase(), -1)).length;
      const requestState = changed(answers.requestState ?? '');
      const reply = await call(who, name, sent, { ...answers, requestState });
      expect(reply.error, JSON.stringify(reply)).toMatchObject({ code: -32602 });
      expect(reply.result).toBeUndefined();
      expect(await refusedOf(who.toLowerCase(), before)).not.toHaveLength(before);
      const right = await call('ALICE', tool, args, answers);
      expect(right.result, JSON.stringify(right)).toMatchObject({ resultType: 'complete' });
      expect(right.result?.content?.[0]?.text).toContain('yes');
    });

    it('is answered once: a requestState that was used is refused, and that is recorded', async () => {
      const answers = await asked();
      const first = await call('ALICE', tool, args, answers);
      expect(first.result, JSON.stringify(first)).toMatchObject({ resultType: 'complete' });
      const before = (await refusedOf('alice', -1)).length;
      const second = await call('ALICE', tool, args, answers);
      expect(second.error, JSON.stringify(second)).toMatchObject({ code: -32602 });
      expect(await refusedOf('alice', before)).not.toHaveLength(before);
    });

    it('is not answered with a requestState that is too old, and that is recorded', async () => {
      const answers = await asked();
      const before = (await refusedOf('alice', -1)).length;
      ahead += hour;
      const reply = await call('ALICE', tool, args, answers);
      expect(reply.error, JSON.stringify(reply)).toMatchObject({ code: -32602 });
      expect(await refusedOf('alice', before)).not.toHaveLength(before);
    });
  },
);
