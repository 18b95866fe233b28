import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ApprovalScene, holdKey } from '../e2e/approvals/approval-scene.js';
import { root, until } from '../e2e/gateway-process.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const args = { to: 'bob', n: 1 };

/** An approved hold whose gateway was killed when it used it. */
async function killedAt(how: 'use' | 'record' | 'record alone', more: object = {}): Promise<string> {
  scene = await ApprovalScene.open(more);
  await scene.call('agent-a', args);
  const [hold] = await scene.pending();
  await scene.stop();
  expect(await scene.answerInStore(hold?.id ?? '')).toBe(true);
  const command = [join(root, 'test/fixtures/dying-gateway.mjs'), join(scene.folder, 'data')];
  const child = spawn(process.execPath, [...command, hold?.id ?? '', how], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  await scene.start(more);
  return hold?.id ?? '';
}

it('an approval is not used by a gateway that was killed before the record of the call, and runs it after that', async () => {
  await killedAt('use');
  expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
  expect(scene.called()).toEqual(['pay']);
});

it('the same is made by the next gateway, where the gateway is to make it', async () => {
  await killedAt('use', { approvals: { onApprove: 'execute', mode: 'hold' } });
  await until('the call to run', () => scene.called().length === 1);
  expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
  expect(scene.called()).toEqual(['pay']);
});

it.each(['record', 'record alone'] as const)(
  'an approval is used by the record of the call, also where nothing but that was kept (%s)',
  async (how) => {
    const id = await killedAt(how);
    const again = await scene.call('agent-a', args);
    expect(again._meta[holdKey]).toMatchObject({ state: 'pending', executed: false });
    expect(again._meta[holdKey].id).not.toBe(id);
    expect((await scene.rest('ann', `/v1/approvals/${id}`)).body.state).toBe('used');
    expect(scene.called()).toEqual([]);
  },
);
