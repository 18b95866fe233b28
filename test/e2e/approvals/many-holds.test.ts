import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../packages/gateway/src/lib/clock.js';
import { openStore } from '../../../packages/gateway/src/store/open-store.js';
import { ApprovalScene } from './approval-scene.js';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const many = 10_000;
let scene: ApprovalScene;
afterEach(() => scene.close());

const terms = {
  mode: 'hold',
  onApprove: 'release',
  waitMs: 50_000,
  expiresMs: 3_600_000,
  approvers: [],
  quorum: 1,
  noteRequired: false,
} as const;

async function fill(directory: string): Promise<void> {
  const store = await openStore({
    directory,
    durability: 'process',
    clock: systemClock,
    log: silent as never,
  });
  const createdAt = systemClock.now();
  for (let n = 0; n < many; n += 1) {
    const hold = {
      id: `hold_${n}`,
      bind: `sha256:${n}`,
      tenant: 'default',
      caller: `agent-${n % 100}`,
      credential: 'key:x',
      upstream: 'bank',
      method: 'tools/call',
      target: 'pay',
      args: JSON.stringify({ n, text: 'x'.repeat(200) }),
      policyRevision: 'sha256:p',
      reason: 'Finance looks.',
      createdAt,
      until: createdAt + 3_600_000,
      terms,
    };
    store.holds.open(hold, { perCaller: many, perTenant: many });
  }
  await store.close();
}

it('ten thousand holds that wait keep neither a start nor a look at them', async () => {
  scene = await ApprovalScene.open();
  await scene.stop();
  await fill(join(scene.folder, 'data'));
  // How long it takes is measured by `npm run measure`; here it only has to come well within the time of a test.
  await scene.start();
  const { body } = await scene.rest('ann', '/v1/approvals?state=pending');
  expect(body.approvals).toHaveLength(100);
  expect(body.next_cursor).toBe('hold_9900');
}, 120_000);
