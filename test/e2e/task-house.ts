import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import type { AuditEntry } from '../../packages/client/src/types.js';
import type { ConfigInput } from '../../packages/contract/src/config.js';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { childEnvironment, root, scratchFolder, until } from './gateway-process.js';

const tokens = { ALICE: 'alice-token-0001', BOB: 'bob-token-00002', EVE: 'auditor-token-03' };

export type Caller = 'ALICE' | 'BOB';

/** A gateway with its real listener before real servers, as tests of tasks want it. */
export interface TaskHouse {
  readonly baseUrl: string;
  readonly path: string;
  /** One request of 2026-07-28, as it is on the wire. */
  ask(method: string, params: object, who?: Asker): Promise<WireReply>;
  records(): Promise<readonly AuditEntry[]>;
  /** Opens a `subscriptions/listen` and gives what is said on it, until `signal` aborts. */
  listen(notifications: object, asker: Asker & { readonly signal: AbortSignal }): AsyncGenerator<WireNotice>;
  /** Ends the gateway and begins it anew over the same data. */
  restart(config?: Partial<ConfigInput>): Promise<void>;
  stop(): Promise<void>;
}

export interface Asker {
  readonly who?: Caller;
  readonly capabilities?: object;
  readonly endpoint?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface WireReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of any shape
  readonly result?: any; // oxlint-disable-line typescript/no-explicit-any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly error?: any; // oxlint-disable-line typescript/no-explicit-any
}

export interface WireNotice {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly params?: any; // oxlint-disable-line typescript/no-explicit-any
}

export const knowsTasks = { extensions: { 'io.modelcontextprotocol/tasks': {} }, elicitation: {} };

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
}

const fileOf = (name: string) => join(root, `test/fixtures/upstreams/${name}.mjs`);
const commandOf = (name: string) => ({ command: process.execPath, args: [fileOf(name), 'stdio'] });

/** The server of tests that speaks the extension, over HTTP, and the same as a child of the gateway. */
export const startTasksServer = () => startServer('tasks-server');
export const tasksCommand = commandOf('tasks-server');

/** One on the SDK 1.x, with the tasks of 2025-11-25. */
export const startLegacyTasksServer = () => startServer('legacy-tasks-server');
export const legacyTasksCommand = commandOf('legacy-tasks-server');

async function startServer(name: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [fileOf(name), 'http'], {
    env: childEnvironment('/'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: url.toString('utf8').trim(), child };
}

export async function openTaskHouse(config: Partial<ConfigInput>): Promise<TaskHouse> {
  const scratch = scratchFolder();
  mkdirSync(join(scratch.path, 'data'), { mode: 0o700 });
  let served = await serve(scratch.path, config);
  return {
    get baseUrl() {
      return served.baseUrl;
    },
    path: scratch.path,
    ask: (method, params, asker) => ask(served.baseUrl, { method, params }, asker),
    listen: (notifications, asker) => listen(served.baseUrl, notifications, asker),
    async records() {
      const auditor = new SallyportClient({ baseUrl: served.baseUrl, token: tokens.EVE });
      const entries: AuditEntry[] = [];
      for await (const entry of auditor.audit({ limit: 200, order: 'asc' })) entries.push(entry);
      return entries;
    },
    async restart(changed = config) {
      await served.gateway.stop('test');
      served = await serve(scratch.path, changed);
    },
    async stop() {
      await served.gateway.stop('test');
      scratch.remove();
    },
  };
}

async function serve(
  path: string,
  more: Partial<ConfigInput>,
): Promise<{ gateway: Gateway; baseUrl: string }> {
  const token = (name: keyof typeof tokens, role: 'agent' | 'auditor') => ({
    principal: name.toLowerCase(),
    tokens: [`env:${name}`],
    roles: [role],
  });
  const config: ConfigInput = {
    listen: { port: 0 },
    dataDir: join(path, 'data'),
    auth: { tokens: [token('ALICE', 'agent'), token('BOB', 'agent'), token('EVE', 'auditor')] },
    policy: { default: 'allow', rules: [{ id: 'all', match: { methods: ['*'] }, effect: 'allow' }] },
    upstreams: {},
    ...more,
  };
  const gateway = await openGateway({
    config: await configInMemory(config, path, { environment: tokens }),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    clock: systemClock,
    mode: 'serve',
  });
  const baseUrl = (await gateway.start()).url ?? '';
  await until('every upstream to be up', async () => (await fetch(`${baseUrl}/readyz`)).status === 200);
  return { gateway, baseUrl };
}

let ids = 0;

function post(baseUrl: string, { method, params }: Asked, asker: Asker): Promise<Response> {
  ids += 1;
  const { who = 'ALICE', capabilities = knowsTasks, endpoint = '/mcp', headers = {}, signal } = asker;
  const { name, taskId } = params as { name?: string; taskId?: string };
  const target = name ?? taskId;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'by-hand', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  return fetch(`${baseUrl}${endpoint}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${tokens[who]}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(target === undefined ? {} : { 'Mcp-Name': target }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: ids, method, params: { ...params, _meta } }),
    ...(signal === undefined ? {} : { signal }),
  });
}

interface Asked {
  readonly method: string;
  readonly params: object;
}

async function ask(baseUrl: string, asked: Asked, asker: Asker = {}): Promise<WireReply> {
  const response = await post(baseUrl, asked, asker);
  const text = await response.text();
  const data = text.startsWith('{') ? text : text.slice(text.lastIndexOf('data: ') + 'data: '.length);
  return { status: response.status, ...(JSON.parse(data) as object) };
}

async function* listen(baseUrl: string, notifications: object, asker: Asker): AsyncGenerator<WireNotice> {
  const { body } = await post(baseUrl, { method: 'subscriptions/listen', params: { notifications } }, asker);
  let unread = '';
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    unread += text;
    const events = unread.split('\n\n');
    unread = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').find((line) => line.startsWith('data: {'));
      if (data !== undefined) yield JSON.parse(data.slice('data: '.length)) as WireNotice;
    }
  }
}
