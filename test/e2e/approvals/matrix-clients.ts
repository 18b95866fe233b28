import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { fileOf, newerNode, obstacleTo } from '../../fixtures/outside-package.js';
import { childEnvironment, gatewayMain } from '../gateway-process.js';
import { holdKey, type Loose, refusalKey } from './approval-scene.js';

/** Where the gateway of a matrix is, and what its clients need. */
export interface Reach {
  readonly url: string;
  readonly key: string;
  readonly folder: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface MatrixClient {
  /** Makes a call, and resolves with its end: `runs`, `held` (not executed), or the code of a refusal. */
  call(tool: string, args: Readonly<Record<string, string>>): Promise<string>;
  /** Goes away, whatever is under way. */
  leave(): Promise<void>;
  /** Kills the gateway that is a process of its own. */
  kill?(): void;
}

export interface MatrixKind {
  readonly name: string;
  /** It does not wait in a request, but asks from time to time: it is never told that its call was not executed yet. */
  readonly asks?: boolean;
  /** The gateway is a process of the client's own, which stops well when the client goes. */
  readonly own?: boolean;
  /** Why it cannot be tried here. */
  readonly obstacle?: string | undefined;
  open(reach: Reach): Promise<MatrixClient>;
}

const info = { name: 'matrix', version: '1.0.0' };
const inspector = {
  folder: 'inspector',
  name: '@modelcontextprotocol/inspector',
  version: '2.12.0',
  file: 'clients/launcher/build/index.js',
};

function endOf(result: Loose): string {
  const refusal = result._meta?.[refusalKey]?.code;
  if (refusal !== undefined) return refusal;
  if (result._meta?.[holdKey]?.executed === false) return 'held';
  return String(result.content?.[0]?.text).endsWith(' ran') ? 'runs' : JSON.stringify(result);
}

const headersOf = ({ key }: Reach) => ({ requestInit: { headers: { Authorization: `Bearer ${key}` } } });

async function openLegacy(transport: LegacyHttp | StdioClientTransport): Promise<MatrixClient> {
  const client = new LegacyClient(info);
  await client.connect(transport as never);
  return {
    call: async (name, args) => endOf(await client.callTool({ name, arguments: args })),
    leave: () => client.close(),
  };
}

async function openModern(reach: Reach, capabilities: object): Promise<MatrixClient> {
  const versionNegotiation = { mode: { pin: '2026-07-28' } } as const;
  const client = new ModernClient(info, { capabilities, versionNegotiation });
  if ('elicitation' in capabilities)
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept' as const }));
  await client.connect(new ModernHttp(new URL(`${reach.url}/mcp`), headersOf(reach)));
  return {
    call: async (name, args) => endOf(await client.callTool({ name, arguments: args })),
    leave: () => client.close(),
  };
}

/** On the transport of the SDK alone, as its client does not know what a task is. */
async function openWithTasks(reach: Reach): Promise<MatrixClient> {
  const transport = new ModernHttp(new URL(`${reach.url}/mcp`), headersOf(reach));
  const waiting = new Map<unknown, (message: Loose) => void>();
  let leave = (): void => undefined;
  const gone = new Promise<never>((_, reject) => {
    leave = () => reject(new Error('left'));
  });
  gone.catch(() => undefined);
  transport.onmessage = (message: Loose) => waiting.get(message.id)?.(message);
  await transport.start();
  let lastId = 0;
  const ask = async (method: string, params: object): Promise<Loose> => {
    const id = ++lastId;
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
    };
    const reply = new Promise<Loose>((resolve) => waiting.set(id, resolve));
    const message = { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
    await Promise.all([Promise.race([reply, gone]), transport.send(message as never)]);
    return (await reply).result;
  };
  return {
    async call(name, args) {
      const { resultType, taskId, ...result } = await ask('tools/call', { name, arguments: args });
      if (resultType !== 'task') return endOf(result);
      for (;;) {
        const state = await ask('tasks/get', { taskId });
        if (state.status !== 'working') return endOf(state.result);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    leave() {
      leave();
      return transport.close();
    },
  };
}

/** Each call is a process of its own. */
function openInspector({ url, key, folder }: Reach): Promise<MatrixClient> {
  const running = new Set<ChildProcess>();
  const header = `Authorization: Bearer ${key}`;
  const target = [
    '--server-url',
    `${url}/mcp`,
    '--transport',
    'http',
    '--header',
    header,
    '--protocol-era',
    'legacy',
  ];
  return Promise.resolve({
    async call(name, args) {
      const given = Object.entries(args).flatMap(([arg, value]) => ['--tool-arg', `${arg}=${value}`]);
      const asked = ['--method', 'tools/call', '--tool-name', name, ...given];
      const command = [fileOf(inspector), '--cli', ...target, ...asked];
      const env = childEnvironment(folder);
      const child = spawn(fileOf(newerNode), command, {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint += text;
      });
      await once(child, 'close');
      running.delete(child);
      if (said === '') throw new Error(complaint);
      return endOf(JSON.parse(said));
    },
    leave() {
      for (const child of running) child.kill('SIGKILL');
      return Promise.resolve();
    },
  });
}

async function openStdio({ config, folder, env }: Reach): Promise<MatrixClient> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [gatewayMain, 'stdio', '--config', config],
    cwd: folder,
    env: { ...childEnvironment(folder), ...env },
    stderr: 'ignore',
  });
  const client = await openLegacy(transport);
  return {
    ...client,
    kill() {
      if (transport.pid !== null) process.kill(transport.pid, 'SIGKILL');
    },
  };
}

/** Every kind of client that the matrix is made of. */
export const matrixKinds: readonly MatrixKind[] = [
  {
    name: 'SDK 1.x',
    open: (reach) => openLegacy(new LegacyHttp(new URL(`${reach.url}/mcp`), headersOf(reach))),
  },
  { name: 'SDK 2.x of 2026-07-28', open: (reach) => openModern(reach, {}) },
  { name: 'SDK 2.x that opens pages', open: (reach) => openModern(reach, { elicitation: { url: {} } }) },
  { name: 'SDK 2.x with tasks', asks: true, open: openWithTasks },
  {
    name: 'the Inspector',
    obstacle: await obstacleTo('the Inspector in the matrix', [newerNode, inspector]),
    open: openInspector,
  },
  {
    name: 'a client over stdio',
    own: true,
    open: openStdio,
  },
];
