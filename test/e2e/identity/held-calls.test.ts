import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApprovalScene, type Loose } from '../approvals/approval-scene.js';
import { until } from '../gateway-process.js';
import { startProvider, type TestProvider } from './provider.js';

const resource = 'https://gateway.example/mcp';
let provider: TestProvider;
let scene: ApprovalScene;
let token = '';

const issuer = (more: object = {}) => ({
  issuer: provider.issuer,
  audience: [resource],
  roles: ['agent'],
  ...more,
});
/** The people of the scene with their tokens, besides the provider's callers. */
const config = (more: object = {}) => ({
  approvals: { mode: 'hold', onApprove: 'execute' },
  issuers: [issuer(more)],
});

beforeEach(async () => {
  provider = await startProvider({ resource });
  token = await provider.token();
  scene = await ApprovalScene.open(config());
});

afterEach(async () => {
  await scene.close();
  await provider.close();
});

const asAgent = (path: string, more: object = {}) =>
  fetch(`${scene.url}${path}`, {
    ...more,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
  });

/** The hold of a call that the provider's program made. */
async function held(): Promise<string> {
  const params = { name: 'pay', arguments: { n: 1 } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const response = await asAgent('/mcp', { method: 'POST', body });
  expect(await response.text()).toContain('Not executed');
  const [hold] = await scene.pending();
  return hold?.id ?? '';
}

const stateOf = async (id: string) => (await scene.rest('ann', `/v1/approvals/${id}`)).body.state;

it.each([
  [
    'a restart',
    async () => {
      await scene.stop();
      await scene.start(config());
    },
  ],
  ['a reload', () => scene.reload({ ...config(), prices: [] })],
])(
  'the call of an access token is made after %s, while the token is valid, and its caller gets the result',
  async (_what, interrupt) => {
    const id = await held();
    await interrupt();
    await scene.post('ann', `/v1/approvals/${id}/approve`);
    await until('the call to run', () => scene.called().length === 1);
    let result: Loose;
    await until('the result', async () => {
      const response = await asAgent(`/v1/approvals/${id}/result`);
      result = await response.json();
      return response.status === 200;
    });
    expect(result).toMatchObject({ outcome: 'completed', result: { content: [{ text: 'pay ran' }] } });
    expect(scene.called()).toEqual(['pay']);
  },
);

it('the call of an access token is not made once its issuer is read otherwise', async () => {
  const id = await held();
  await scene.stop();
  await scene.start(config({ prefix: 'idp/' }));
  await scene.post('ann', `/v1/approvals/${id}/approve`);
  await until('the hold to be over', async () => (await stateOf(id)) === 'stale');
  expect(scene.called()).toEqual([]);
  expect((await scene.records('hold.stale'))[0]?.detail).toContain('not valid any more');
});
