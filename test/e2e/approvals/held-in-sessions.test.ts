import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { ApprovalScene, holdKey, type Loose } from './approval-scene.js';
import { askModern, knowsTasks } from './modern-wire.js';

let scene: ApprovalScene;
let first: Loose;
let second: Loose;

const tool = 'sallyport.check_approval';
const args = { to: 'bob', n: 1 };

beforeEach(async () => {
  const money = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: 'Finance looks.' };
  const own = { id: 'own', match: { tools: [tool] }, effect: 'allow' };
  scene = await ApprovalScene.open({
    approvals: { mode: 'hold', tool: true },
    policy: { default: 'deny', rules: [money, own] },
  });
  const create = async () => {
    const { status, body } = await scene.post('agent-a', '/v1/sessions', {
      agent_id: 'bot',
      ttl: 600,
      scopes: ['read', 'write', 'spend'],
    });
    expect(status).toBe(201);
    return { 'Sallyport-Session': body.session_id };
  };
  [first, second] = [await create(), await create()];
});

afterEach(() => scene.close());

const ask = async (
  headers: Loose,
  method: string,
  params: object,
  capabilities: object = {},
): Promise<Loose> => {
  const { result, error } = await askModern(scene, method, params, { headers, capabilities });
  return result ?? error;
};
const call = (headers: Loose, name: string, given: object) =>
  ask(headers, 'tools/call', { name, arguments: given });

it('a task of one session is none of another, and asking for it there costs its approval nothing', async () => {
  const begin = { name: 'pay', arguments: args };
  const { taskId } = await ask(first, 'tools/call', begin, knowsTasks);
  const [hold] = await scene.pending();
  await scene.post('ann', `/v1/approvals/${hold?.id}/approve`);
  for (const other of [second, {}])
    expect(await ask(other, 'tasks/get', { taskId }, knowsTasks)).toMatchObject({ message: 'Unknown task' });
  expect((await scene.rest('ann', `/v1/approvals/${hold?.id}`)).body.state).toBe('approved');
  expect(scene.called()).toEqual([]);
  let state: Loose;
  await until('the task to be over', async () => {
    state = await ask(first, 'tasks/get', { taskId }, knowsTasks);
    return state.status !== 'working';
  });
  expect(state.result.content[0].text).toBe('pay ran');
});

it('held calls of one session are not told to another of the same caller', async () => {
  const { id } = (await call(first, 'pay', args))._meta[holdKey];
  expect((await call(first, tool, {})).structuredContent.holds).toMatchObject([{ id }]);
  for (const other of [second, {}]) {
    expect((await call(other, tool, {})).structuredContent.holds).toEqual([]);
    expect(await call(other, tool, { id })).toMatchObject({ isError: true });
  }
  const seen = (headers: Loose, path = '') => scene.rest('agent-a', `/v1/approvals${path}`, { headers });
  expect((await seen(second)).body.approvals).toEqual([]);
  expect((await seen(second, `/${id}`)).status).toBe(404);
  expect((await seen(first)).body.approvals).toMatchObject([{ id }]);
  // Whoever has the credential alone is the caller, whatever it works in.
  expect((await seen({}, `/${id}`)).status).toBe(200);
});
