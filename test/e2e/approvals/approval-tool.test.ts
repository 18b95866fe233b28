import { afterEach, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { ApprovalScene, holdKey, type Loose, refusalKey } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const tool = 'sallyport.check_approval';
const money = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: 'Finance looks.' };
const policy = { default: 'deny', rules: [money, { id: 'own', match: { tools: [tool] }, effect: 'allow' }] };
const offered = (more: object = {}) => ({
  policy,
  approvals: { mode: 'hold', tool: true, publicUrl: 'https://approvals.example', ...more },
});
const check = (args: object = {}, who: 'agent-a' | 'agent-b' = 'agent-a'): Promise<Loose> =>
  scene.call(who, args, tool);

it('a caller learns how its held calls stand, and nothing of those of others', async () => {
  scene = await ApprovalScene.open(offered());
  expect((await check()).content[0].text).toContain('None of your calls');
  const { id } = (await scene.call('agent-a', { n: 1 }))._meta[holdKey];
  const pending = await check({ id });
  expect(pending.structuredContent.holds).toMatchObject([{ id, state: 'pending', tool: 'pay' }]);
  expect(pending.content[0].text).toContain(`https://approvals.example/approve/${id}`);
  expect(await check({ id }, 'agent-b')).toMatchObject({ isError: true });
  expect((await check({}, 'agent-b')).structuredContent.holds).toEqual([]);
  await scene.post('ann', `/v1/approvals/${id}/approve`);
  expect((await check()).content[0].text).toContain('make exactly the same call again');
  expect(scene.called()).toEqual([]);
  expect((await scene.call('agent-a', { n: 1 })).content[0].text).toBe('pay ran');
  expect((await check({ id })).structuredContent.holds[0]).not.toHaveProperty('result');
});

it('a caller gets what the gateway’s own call returned, and the same call still brings it once', async () => {
  scene = await ApprovalScene.open(offered({ onApprove: 'execute' }));
  const { id } = (await scene.call('agent-a', { n: 1 }))._meta[holdKey];
  await scene.post('ann', `/v1/approvals/${id}/approve`);
  await until(
    'the result',
    async () => (await check({ id })).structuredContent.holds[0].result !== undefined,
  );
  expect((await check({ id })).structuredContent.holds[0].result.content[0].text).toBe('pay ran');
  expect((await scene.call('agent-a', { n: 1 })).content[0].text).toBe('pay ran');
  expect(scene.called()).toEqual(['pay']);
});

it('it is not there unless it is offered, nor for those whom no rule allows it', async () => {
  scene = await ApprovalScene.open({ policy: { default: 'deny', rules: [money] } });
  expect((await check()).message).toContain('Unknown tool');
  await scene.reload(offered());
  await until('the tool', async () => (await check()).content !== undefined);
  await scene.reload({ ...offered(), policy: { default: 'deny', rules: [money] } });
  expect((await check())._meta[refusalKey].code).toBe('denied');
});
