import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { sdk1 } from '../peers.js';
import { ApprovalScene, holdKey, refusalKey } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const args = { to: 'bob', n: 1 };
const execute = { approvals: { mode: 'hold', onApprove: 'execute' } };

async function approved(): Promise<string> {
  const [hold] = await scene.pending();
  await scene.post('ann', `/v1/approvals/${hold?.id}/approve`);
  return hold?.id ?? '';
}

describe('a call that the gateway makes itself once it is approved', () => {
  it('runs at once and once; its caller collects the result by the same call, and the next one asks again', async () => {
    scene = await ApprovalScene.open(execute);
    await scene.call('agent-a', args);
    const id = await approved();
    const path = `/v1/approvals/${id}/result`;
    await until('the result', async () => (await scene.rest('agent-a', path)).status === 200);
    expect((await scene.rest('agent-a', path)).body).toMatchObject({
      id,
      outcome: 'completed',
      result: { content: [{ text: 'pay ran' }] },
    });
    expect((await scene.rest('agent-b', path)).status).toBe(404);
    expect((await scene.rest('bob', path)).status).toBe(404);
    expect(scene.called()).toEqual(['pay']);

    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect((await scene.call('agent-a', args))._meta[holdKey].id).not.toBe(id);
    expect(scene.called()).toEqual(['pay']);
    const decided = await scene.records('call.decided');
    expect(decided.map(({ effect, hold }) => [effect, hold === id])).toEqual([
      ['ask', true],
      ['allow', true],
      ['ask', true],
      ['ask', false],
    ]);
    expect(await scene.records('call.outcome')).toHaveLength(1);
  });

  it('answers the client that waits for it', async () => {
    scene = await ApprovalScene.open({ approvals: { onApprove: 'execute', waitSeconds: 20 } });
    const client = await sdk1.connect({ url: `${scene.url}/mcp`, key: 'agent-a-token' });
    const reply = client.callTool('pay', args);
    await approved();
    expect((await reply).result).toMatchObject({ content: [{ text: 'pay ran' }] });
    expect(scene.called()).toEqual(['pay']);
    await client.close();
  });

  it('runs after a restart when it was approved while the gateway was down', async () => {
    scene = await ApprovalScene.open(execute);
    await scene.call('agent-a', args);
    const [hold] = await scene.pending();
    await scene.stop();
    await scene.answerInStore(hold?.id ?? '');
    await scene.start(execute);
    await until('the call to run', () => scene.called().length === 1);
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
  });

  it('does not run under a policy that forbids it by now', async () => {
    scene = await ApprovalScene.open(execute);
    await scene.call('agent-a', args);
    await scene.reload({ ...execute, policy: { default: 'deny' } });
    const id = await approved();
    await until('the hold to be over', async () => {
      return (await scene.rest('ann', `/v1/approvals/${id}`)).body.state === 'stale';
    });
    expect(scene.called()).toEqual([]);
    expect((await scene.call('agent-a', args))._meta[refusalKey].code).toBe('denied');
  });

  it('is not made on its approval where nobody need be asked by now; its caller makes it, once', async () => {
    scene = await ApprovalScene.open(execute);
    await scene.call('agent-a', args);
    await scene.reload({ ...execute, policy: { default: 'allow' } });
    const id = await approved();
    await until('the hold to be over', async () => {
      return (await scene.rest('ann', `/v1/approvals/${id}`)).body.state === 'stale';
    });
    expect(scene.called()).toEqual([]);
    expect((await scene.post('olga', `/v1/approvals/${id}/replay`)).status).toBe(409);
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
  });

  it('does not run for a caller whose credential is gone by now', async () => {
    scene = await ApprovalScene.open(execute);
    await scene.call('agent-a', args);
    await scene.reload({
      ...execute,
      auth: { tokens: [{ principal: 'ann', tokens: ['env:TOKEN_ANN'], roles: ['approver'] }] },
    });
    const id = await approved();
    await until('the hold to be over', async () => {
      return (await scene.rest('ann', `/v1/approvals/${id}`)).body.state === 'stale';
    });
    expect(scene.called()).toEqual([]);
  });

  it('is made by the approval over /admin/holds, which brings its outcome', async () => {
    scene = await ApprovalScene.open(
      { approvals: { mode: 'hold' } },
      { MCP_PROXY_ADMIN_TOKEN: 'secret-enough' },
    );
    await scene.call('agent-a', args);
    const [hold] = await scene.pending();
    const answer = await scene.rest(undefined, `/admin/holds/${hold?.id}/approve`, {
      method: 'POST',
      headers: { Authorization: 'Bearer secret-enough' },
    });
    expect(answer.body).toMatchObject({
      status: 'executed',
      result: { content: [{ text: 'pay ran' }] },
      evaluation: { allow: true, hold: false, reason: 'Finance looks.', metadata: { rule: 'money' } },
      request_id: expect.any(String),
    });
    expect(scene.called()).toEqual(['pay']);
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
  });
});

describe('twenty approvals at once over each of three channels', () => {
  it('run each call at most once', async () => {
    scene = await ApprovalScene.open(
      { approvals: { mode: 'hold', onApprove: 'execute' } },
      { MCP_PROXY_ADMIN_TOKEN: 'secret-enough' },
    );
    for (const n of [1, 2, 3, 4]) await scene.call('agent-a', { n });
    const holds = await scene.pending(4);
    const admin = { method: 'POST', headers: { Authorization: 'Bearer secret-enough' } };
    await Promise.all(
      holds.flatMap(({ id }) =>
        Array.from({ length: 20 }, (_, index) => {
          if (index % 3 === 0) return scene.rest(undefined, `/admin/holds/${id}/approve`, admin);
          return scene.post(index % 3 === 1 ? 'ann' : 'bob', `/v1/approvals/${id}/approve`);
        }),
      ),
    );
    await until('all to have run', () => scene.called().length >= 4);
    const replies = await Promise.all([1, 2, 3, 4].map((n) => scene.call('agent-a', { n })));
    expect(replies.map(({ content }) => content[0].text)).toEqual(Array(4).fill('pay ran'));
    expect(scene.called()).toHaveLength(4);
  });
});
