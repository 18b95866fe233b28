import { afterEach, expect, it } from 'vitest';
import { ApprovalScene, holdKey } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const many = 100;
const numbers = Array.from({ length: many }, (_, index) => index);
const approvals = { mode: 'hold', perCaller: 500, perTenant: 500, usableSeconds: 3600 };

it('of a hundred calls, each approved twenty times at once from four sides, those that are made as they were run once, the others never', async () => {
  scene = await ApprovalScene.open({ approvals });
  const holds = new Map<number, string>();
  for (const n of numbers) holds.set(n, (await scene.call('agent-a', { n }))._meta[holdKey].id);
  const people = ['ann', 'bob', 'olga', undefined] as const;
  for (const id of holds.values()) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const who = people[index % people.length];
        return who === undefined
          ? scene.answerInStore(id).then((taken) => (taken ? 200 : 409))
          : scene.post(who, `/v1/approvals/${id}/approve`).then(({ status }) => status);
      }),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
  }
  const unchanged = numbers.filter((n) => n < 50);
  await Promise.all(unchanged.flatMap((n) => [0, 1, 2].map(() => scene.call('agent-a', { n }))));
  expect(scene.called()).toHaveLength(unchanged.length);

  for (const n of numbers.filter((one) => one >= 50 && one < 65))
    await scene.call('agent-a', { n, to: 'me' });
  for (const n of numbers.filter((one) => one >= 65 && one < 80)) await scene.call('agent-b', { n });
  const rule = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', when: 'args.n >= 0' };
  await scene.reload({ approvals, policy: { default: 'allow', rules: [rule] } });
  for (const n of numbers.filter((one) => one >= 80)) await scene.call('agent-a', { n });
  expect(scene.called()).toHaveLength(unchanged.length);
}, 180_000);
