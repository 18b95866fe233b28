import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ConfigInput } from '../../../packages/contract/src/config.js';
import { configInMemory } from '../../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../../packages/gateway/src/lib/clock.js';
import type { JsonObject } from '../../../packages/gateway/src/model/json.js';
import { startSmallServer } from '../small-server.js';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const ends: (() => Promise<void> | void)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-layer-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

/** A server with these tools, for the test. */
export async function serve(name: string, tools: readonly string[]): Promise<string> {
  const server = await startSmallServer(name, tools);
  ends.push(() => server.close());
  return server.url;
}

export interface Asking {
  readonly as?: 'operator' | 'auditor' | 'agent';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Compared, not trusted. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface Running {
  readonly gateway: Gateway;
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly reload: (config: Partial<ConfigInput>) => Promise<void>;
  /** Over MCP, as the agent; the text of the answer. */
  readonly ask: (method: string, params?: object) => Promise<string>;
  readonly call: (tool: string) => Promise<string>;
  /** Over REST: `PUT /v1/policies/x`. */
  readonly rest: (request: string, asking?: Asking) => Promise<Answer>;
}

export const tokens = { agent: 'token-of-the-agent', operator: 'token-of-olga', auditor: 'token-of-audrey' };
const people: ConfigInput['auth'] = {
  tokens: [
    { principal: 'agent-a', tokens: ['env:AGENT'] },
    { principal: 'olga', tokens: ['env:OPERATOR'], roles: ['operator'] },
    { principal: 'audrey', tokens: ['env:AUDITOR'], roles: ['auditor'] },
  ],
};

/** A gateway over HTTP that lets upstreams be made on this machine. */
export async function start(config: Partial<ConfigInput>): Promise<Running> {
  const environment = {
    AGENT: tokens.agent,
    OPERATOR: tokens.operator,
    AUDITOR: tokens.auditor,
    UPSTREAM_KEY: 'secret-of-an-upstream',
  };
  const load = (input: Partial<ConfigInput>) => {
    const common = {
      auth: people,
      upstreams: {},
      apiLayer: { addresses: ['127.0.0.0/8'], plainHttp: true },
      listen: { port: 0 },
    };
    return configInMemory({ ...common, ...input }, folder, { environment });
  };
  const loaded = await load(config);
  const gateway = await openGateway({ config: loaded, log: silent, clock: systemClock, mode: 'serve' });
  const stop = () => gateway.stop('test');
  ends.push(stop);
  const { url = '' } = await gateway.start();
  const ask = async (method: string, params: object = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens.agent}` };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    return (await fetch(`${url}/mcp`, { method: 'POST', headers, body })).text();
  };
  return {
    gateway,
    url,
    stop,
    reload: async (input) => gateway.reload(await load(input)),
    ask,
    call: (name) => ask('tools/call', { name, arguments: {} }),
    rest: (request, asking) => askRest(url, request, asking),
  };
}

async function askRest(url: string, request: string, asking: Asking = {}): Promise<Answer> {
  const [method = '', path = ''] = request.split(' ');
  const { as = 'operator', body, headers = {} } = asking;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[as]}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? '' : JSON.parse(text) };
}

/** A policy of one rule, which is called after its effect and the first of the tools. */
export function rule(effect: 'allow' | 'deny', ...tools: string[]) {
  return { rules: [{ id: `${effect}-${tools[0]?.replace(/.*:/, '')}`, match: { tools }, effect }] };
}

/** What the trail says of one type of event, oldest first. */
export async function recordsOf(gateway: Gateway, type: string): Promise<JsonObject[]> {
  await gateway.store.journal.drained();
  const rows = await gateway.store.records.query({ type: [type], limit: 50, order: 'asc' });
  return rows.map(({ record }) => record);
}
