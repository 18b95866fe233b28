import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  CreateTaskResultSchema,
  TaskStatusNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from './gateway-process.js';
import {
  legacyTasksCommand,
  openTaskHouse,
  type ServerProcess,
  startLegacyTasksServer,
  startTasksServer,
  type TaskHouse,
  tasksCommand,
} from './task-house.js';

let servers: ServerProcess[];
let house: TaskHouse;
const clients: Client[] = [];

beforeAll(async () => {
  servers = [await startLegacyTasksServer(), await startTasksServer()];
  house = await openTaskHouse({
    names: { prefix: 'always' },
    upstreams: {
      web: { url: servers[0]?.url ?? '', timeoutSeconds: 3 },
      child: { ...legacyTasksCommand, timeoutSeconds: 3 },
      modern: tasksCommand,
    },
  });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(async () => {
  await house.stop();
  for (const { child } of servers) child.kill('SIGKILL');
});

/** A client on the SDK 1.x, as it comes. */
async function connect(token = 'alice-token-0001', path = '/mcp'): Promise<Client> {
  const client = new Client({ name: 'sdk', version: '1.0.0' }, { capabilities: {} });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${house.baseUrl}${path}`), { requestInit }) as never,
  );
  clients.push(client);
  return client;
}

const began = (client: Client, name: string, args: object) =>
  client.request(
    { method: 'tools/call', params: { name, arguments: { ...args }, task: { ttl: 60_000 } } },
    CreateTaskResultSchema,
  );

/** Callers who can be asked nothing share one session with the server, where it remembers its tasks. */
const mute = { capabilities: {} };

async function became(upstream: string, label: string): Promise<string> {
  const params = { name: `${upstream}__became`, arguments: { label } };
  return String((await house.ask('tools/call', params, mute)).result.content[0].text);
}

describe.each(['web', 'child'])('a tool that %s does as a task only', (upstream) => {
  it('is awaited for a client of 2026-07-28', async () => {
    const params = { name: `${upstream}__must`, arguments: { label: 'm' } };
    const { result } = await house.ask('tools/call', params);
    expect(result).toMatchObject({ resultType: 'complete', content: [{ type: 'text', text: 'm done' }] });
    expect(JSON.stringify(result)).not.toContain('related-task');
  });

  it('is awaited for a legacy client that sends a plain call', async () => {
    const client = await connect();
    const params = { name: `${upstream}__must`, arguments: { label: 'l' } };
    const result = await client.request({ method: 'tools/call', params }, CallToolResultSchema);
    expect(result.content).toEqual([{ type: 'text', text: 'l done' }]);
  });

  it('is cancelled when its caller goes away', async () => {
    const label = `${upstream} left`;
    const leaver = new AbortController();
    const args = { label, ms: 60_000 };
    const gone = house
      .ask('tools/call', { name: `${upstream}__must`, arguments: args }, { ...mute, signal: leaver.signal })
      .catch(() => 'gone');
    await until('the task to begin', async () => (await became(upstream, label)) === 'working');
    leaver.abort();
    expect(await gone).toBe('gone');
    await until('the task to be cancelled', async () => (await became(upstream, label)) === 'cancelled');
  });

  it('is cancelled when its time is over', async () => {
    const label = `${upstream} late`;
    const args = { label, ms: 60_000 };
    const { result } = await house.ask('tools/call', { name: `${upstream}__must`, arguments: args }, mute);
    expect(result.isError).toBe(true);
    await until('the task to be cancelled', async () => (await became(upstream, label)) === 'cancelled');
  });
});

describe.each(['web', 'child'])('a client of 2025-11-25 that wants tasks of %s', (upstream) => {
  const tool = `${upstream}__may`;

  it('runs one from its beginning to its result', async () => {
    const client = await connect();
    await client.listTools();
    const seen: string[] = [];
    let result: unknown;
    const args = { label: 'streamed' };
    const stream = client.experimental.tasks.callToolStream({ name: `${upstream}__must`, arguments: args });
    for await (const message of stream) {
      seen.push(message.type);
      if (message.type === 'error') throw message.error;
      if (message.type === 'result') ({ result } = message);
    }
    expect(seen[0]).toBe('taskCreated');
    expect(result).toMatchObject({ content: [{ type: 'text', text: 'streamed done' }] });
  });

  it('knows it by an id of its own, in results as well', async () => {
    const client = await connect();
    const { task } = await began(client, tool, { label: 'own' });
    expect(task.taskId).toMatch(/^s1\./);
    const got = await client.experimental.tasks.getTask(task.taskId);
    expect(got).toMatchObject({ taskId: task.taskId, status: 'working' });
    const result = await client.experimental.tasks.getTaskResult(task.taskId, CallToolResultSchema);
    expect(result).toMatchObject({
      content: [{ type: 'text', text: 'own done' }],
      _meta: { 'io.modelcontextprotocol/related-task': { taskId: task.taskId } },
    });
  });

  it('cancels it', async () => {
    const client = await connect();
    const { task } = await began(client, tool, { label: `${upstream} given up`, ms: 60_000 });
    const cancelled = await client.experimental.tasks.cancelTask(task.taskId);
    expect(cancelled).toMatchObject({ taskId: task.taskId, status: 'cancelled' });
    expect(await became(upstream, `${upstream} given up`)).toBe('cancelled');
  });

  it('is told how it goes on, and lists it, under the same id', async () => {
    const client = await connect();
    const told: string[] = [];
    client.setNotificationHandler(TaskStatusNotificationSchema, ({ params }) => {
      told.push(`${params.taskId} ${params.status}`);
    });
    const { task } = await began(client, tool, { label: 'told' });
    const { tasks } = await client.experimental.tasks.listTasks();
    expect(tasks.map(({ taskId }) => taskId)).toContain(task.taskId);
    await until('the news', () => told.includes(`${task.taskId} completed`));
  });

  it('has it to itself', async () => {
    const client = await connect();
    const { task } = await began(client, tool, { label: 'mine', ms: 60_000 });
    const other = await connect('bob-token-00002');
    await expect(other.experimental.tasks.getTask(task.taskId)).rejects.toThrow('Unknown task');
    expect((await other.experimental.tasks.listTasks()).tasks).toEqual([]);
    const { error } = await house.ask('tasks/get', { taskId: task.taskId });
    expect(error).toEqual({ code: -32602, message: 'Unknown task' });
    await client.experimental.tasks.cancelTask(task.taskId);
  });
});

it.each(['web__greet', 'modern__greet', 'modern__failing_job'])(
  'a call of %s that wants to be a task is answered as a plain one',
  async (name) => {
    const client = await connect();
    const params = { name, arguments: name.endsWith('greet') ? { name: 'you' } : {}, task: { ttl: 1000 } };
    const result = await client.request({ method: 'tools/call', params }, CallToolResultSchema);
    expect(result.content).toHaveLength(1);
    expect(result).not.toHaveProperty('task');
  },
);

it('is announced to clients of 2025-11-25 alone', async () => {
  const client = await connect();
  expect(client.getServerCapabilities()?.tasks).toMatchObject({ requests: { tools: { call: {} } } });
});
