import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, CreateTaskResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { ApprovalScene, holdKey, type Loose, type Person, refusalKey } from './approval-scene.js';
import { askModern, knowsTasks, listenModern } from './modern-wire.js';

let scene: ApprovalScene;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await scene.close();
});

const args = { to: 'bob', n: 1 };
const patient = { approvals: { waitSeconds: 20 } };

async function answer(verb: 'approve' | 'deny', who: Person = 'ann'): Promise<string> {
  const [hold] = await scene.pending();
  await scene.post(who, `/v1/approvals/${hold?.id}/${verb}`);
  return hold?.id ?? '';
}

const ask = (method: string, params: object, who: Person = 'agent-a') =>
  askModern(scene, method, params, { who, capabilities: knowsTasks });
const get = async (taskId: string): Promise<Loose> => (await ask('tasks/get', { taskId })).result;

async function began(more: object = patient): Promise<string> {
  scene = await ApprovalScene.open(more);
  const { result } = await ask('tools/call', { name: 'pay', arguments: args });
  expect(result).toMatchObject({
    resultType: 'task',
    status: 'working',
    statusMessage: expect.stringContaining('Finance looks.'),
    pollIntervalMs: 2000,
    _meta: { [holdKey]: { state: 'pending' } },
  });
  expect(result.ttlMs).toBeGreaterThan(3_600_000);
  return result.taskId;
}

async function over(taskId: string): Promise<Loose> {
  let state: Loose;
  await until('the task to be over', async () => {
    state = await get(taskId);
    return state.status !== 'working';
  });
  return state;
}

describe('a held call of a client that knows tasks', () => {
  it('is a task at once, and runs once when it is approved and asked for, however often', async () => {
    const taskId = await began();
    expect(await get(taskId)).toMatchObject({ resultType: 'complete', taskId, status: 'working' });
    const id = await answer('approve');
    await Promise.all(Array.from({ length: 20 }, () => get(taskId)));
    expect(await over(taskId)).toMatchObject({
      resultType: 'complete',
      status: 'completed',
      result: { content: [{ text: 'pay ran' }] },
      _meta: { [holdKey]: { id, state: 'used' } },
    });
    expect((await over(taskId)).result.content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
    const decided = (await scene.records('call.decided')).filter(({ hold }) => hold === id);
    expect(decided.map(({ effect }) => effect)).toEqual(['ask', 'allow']);
  });

  it('is limited as one call, however often its task is asked for', async () => {
    const rule = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: 'Finance looks.' };
    const limits = [
      { kind: 'rate', max: 1, windowSeconds: 3600 },
      { kind: 'budget', id: 'one', max: '1', unit: 'USD', window: 'total', cost: { fixed: '1' } },
    ];
    const taskId = await began({ ...patient, policy: { default: 'allow', rules: [{ ...rule, limits }] } });
    for (let n = 0; n < 3; n += 1) expect(await get(taskId)).toMatchObject({ status: 'working' });
    await answer('approve');
    expect(await over(taskId)).toMatchObject({ result: { content: [{ text: 'pay ran' }] } });
  });

  it('is not run while nobody asks for the task', async () => {
    await began();
    const id = await answer('approve');
    expect((await scene.rest('ann', `/v1/approvals/${id}`)).body.state).toBe('approved');
    expect(scene.called()).toEqual([]);
  });

  it('runs by itself where the gateway is to make it, and the same call brings its result as well', async () => {
    const taskId = await began({ approvals: { onApprove: 'execute' } });
    await answer('approve');
    await until('the call to run', () => scene.called().length === 1);
    expect(await over(taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'pay ran' }] },
    });
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
  });

  it.each(['denied', 'expired'] as const)(
    'is over with a refusal as its result when it is %s',
    async (end) => {
      const expiresSeconds = end === 'expired' ? 0.2 : 60;
      const taskId = await began({ approvals: { waitSeconds: 20, expiresSeconds } });
      if (end === 'denied') await answer('deny');
      const state = await over(taskId);
      expect(state).toMatchObject({ status: 'completed', result: { isError: true } });
      expect(state.result._meta[refusalKey]).toMatchObject({ code: `approval_${end}`, status: 403 });
      expect(scene.called()).toEqual([]);
    },
  );

  it('is withdrawn when its task is cancelled', async () => {
    const taskId = await began();
    const [hold] = await scene.pending();
    expect((await ask('tasks/cancel', { taskId })).result).toEqual({ resultType: 'complete' });
    expect(await get(taskId)).toMatchObject({ status: 'cancelled' });
    expect((await scene.rest('ann', `/v1/approvals/${hold?.id}`)).body.state).toBe('cancelled');
  });

  it('goes on after a restart, under the same id', async () => {
    const taskId = await began();
    await scene.stop();
    await scene.start(patient);
    expect(await get(taskId)).toMatchObject({ status: 'working' });
    await answer('approve');
    expect(await over(taskId)).toMatchObject({ result: { content: [{ text: 'pay ran' }] } });
    await scene.stop();
    await scene.start(patient);
    expect(await get(taskId)).toMatchObject({ result: { content: [{ text: 'pay ran' }] } });
    expect(scene.called()).toEqual(['pay']);
  });

  it('is told of to those who follow the task', async () => {
    const taskId = await began();
    const heard: Loose[] = [];
    const leaving = new AbortController();
    const listening = listenModern(scene, { taskIds: [taskId] }, leaving.signal, (one) => heard.push(one));
    await until('the acknowledgement', () => heard.length === 1);
    expect(heard[0].params.notifications).toEqual({ taskIds: [taskId] });
    await answer('deny');
    await until('the news', () => heard.length === 2);
    expect(heard[1]).toMatchObject({
      method: 'notifications/tasks',
      params: { taskId, status: 'completed' },
    });
    expect(heard[1].params).not.toHaveProperty('result');
    leaving.abort();
    await listening;
  });

  it('is nobody else’s', async () => {
    const taskId = await began();
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
      const more = method === 'tasks/update' ? { inputResponses: {} } : {};
      const { error } = await ask(method, { taskId, ...more }, 'agent-b');
      expect(error).toMatchObject({ code: -32602, message: 'Unknown task' });
    }
    expect(await get(taskId)).toMatchObject({ status: 'working' });
  });

  it('cannot be approved by what its client sends to the task, which is on record', async () => {
    const taskId = await began();
    const inputResponses = { approve: { action: 'accept', content: { approved: true } } };
    await ask('tasks/update', { taskId, inputResponses });
    expect(await get(taskId)).toMatchObject({ status: 'working' });
    expect(await scene.records('hold.answer_refused')).toMatchObject([{ by: 'agent-a', via: 'mcp' }]);
    expect(scene.called()).toEqual([]);
  });

  it('is governed again when it runs: what policy forbids by then does not', async () => {
    const taskId = await began();
    await scene.reload({ ...patient, policy: { default: 'deny' } });
    await answer('approve');
    expect((await ask('tasks/get', { taskId })).error.data[refusalKey].code).toBe('denied');
    const rule = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', when: 'args.n >= 0' };
    await scene.reload({ ...patient, policy: { default: 'allow', rules: [rule] } });
    expect((await over(taskId)).result._meta[refusalKey].code).toBe('approval_expired');
    expect(scene.called()).toEqual([]);
  });

  it('has no result when the same call took it in another way', async () => {
    const taskId = await began();
    await answer('approve');
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect(await over(taskId)).toMatchObject({ status: 'failed', error: { code: 410 } });
    expect(scene.called()).toEqual(['pay']);
  });

  it('is no task where the rule wants it to end with the wait of its client', async () => {
    scene = await ApprovalScene.open({ approvals: { mode: 'wait', waitSeconds: 0.1 } });
    const { result } = await ask('tools/call', { name: 'pay', arguments: args });
    expect(result._meta[refusalKey].code).toBe('approval_expired');
  });
});

describe('a held call of a client of 2025-11-25 that wants a task', () => {
  const task = { ttl: 60_000 };

  async function connect(): Promise<Client> {
    const client = new Client({ name: 'sdk', version: '1.0.0' }, { capabilities: {} });
    const requestInit = { headers: { Authorization: 'Bearer agent-a-token' } };
    const transport = new StreamableHTTPClientTransport(new URL(`${scene.url}/mcp`), { requestInit });
    await client.connect(transport as never);
    ends.push(() => client.close());
    return client;
  }

  async function start(client: Client): Promise<string> {
    const params = { name: 'pay', arguments: args, task };
    const created = await client.request({ method: 'tools/call', params }, CreateTaskResultSchema);
    expect(created.task).toMatchObject({ status: 'working', pollInterval: 2000 });
    return created.task.taskId;
  }

  it('is one, of which it awaits the result', async () => {
    scene = await ApprovalScene.open(patient);
    const client = await connect();
    const taskId = await start(client);
    const { tasks } = await client.experimental.tasks.listTasks();
    expect(tasks).toMatchObject([{ taskId, status: 'working' }]);
    const result = client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
    await answer('approve');
    expect(await result).toMatchObject({
      content: [{ text: 'pay ran' }],
      _meta: { 'io.modelcontextprotocol/related-task': { taskId } },
    });
    expect(await client.experimental.tasks.getTask(taskId)).toMatchObject({ status: 'completed' });
    await expect(client.experimental.tasks.cancelTask(taskId)).rejects.toThrow('cannot be cancelled');
    expect(scene.called()).toEqual(['pay']);
  });

  it('tells that nothing was executed yet when its patience is over, and goes on', async () => {
    scene = await ApprovalScene.open({ approvals: { waitSeconds: 0.1 } });
    const client = await connect();
    const taskId = await start(client);
    const result = () => client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
    await expect(result()).rejects.toMatchObject({ code: 202 });
    await answer('deny');
    expect(await result()).toMatchObject({
      isError: true,
      _meta: { [refusalKey]: { code: 'approval_denied' } },
    });
  });

  it('is withdrawn when it is cancelled', async () => {
    scene = await ApprovalScene.open(patient);
    const client = await connect();
    const taskId = await start(client);
    expect(await client.experimental.tasks.cancelTask(taskId)).toMatchObject({ status: 'cancelled' });
    expect(await scene.pending(0)).toEqual([]);
  });
});
