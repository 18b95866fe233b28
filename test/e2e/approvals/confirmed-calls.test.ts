import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ApprovalScene, type Loose, refusalKey } from './approval-scene.js';

let scene: ApprovalScene;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await scene.close();
});

const args = { to: 'bob', n: 1 };
const sure = { id: 'sure', match: { tools: ['pay'] }, effect: 'confirm', reason: 'Money moves.' };
const money = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: 'Finance looks.' };
const confirming = { policy: { default: 'allow', rules: [sure] } };
const both = { policy: { default: 'deny', rules: [money, sure] }, approvals: { waitSeconds: 20 } };

type Filling = (params: Loose) => ElicitResult;
const info = { name: 'user', version: '1.0.0' };
const headers = { requestInit: { headers: { Authorization: 'Bearer agent-a-token' } } };

const eras = [
  {
    era: '2025-11-25',
    async call(filling: Filling) {
      const client = new Client(info, { capabilities: { elicitation: {} } });
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => filling(params));
      await client.connect(new StreamableHTTPClientTransport(new URL(`${scene.url}/mcp`), headers) as never);
      ends.push(() => client.close());
      return client.callTool({ name: 'pay', arguments: args }) as Promise<Loose>;
    },
  },
  {
    era: '2026-07-28',
    async call(filling: Filling) {
      const versionNegotiation = { mode: { pin: '2026-07-28' } } as const;
      const client = new ModernClient(info, { capabilities: { elicitation: {} }, versionNegotiation });
      client.setRequestHandler('elicitation/create', ({ params }) => filling(params) as never);
      await client.connect(new ModernHttp(new URL(`${scene.url}/mcp`), headers));
      ends.push(() => client.close());
      return client.callTool({ name: 'pay', arguments: args }) as Promise<Loose>;
    },
  },
];

describe.each(eras)('a call of a client of $era that its user must confirm', (era) => {
  const call = (filling: Filling) => era.call(filling);
  const yes: ElicitResult = { action: 'accept', content: { confirm: true } };

  it('runs when they confirm it', async () => {
    scene = await ApprovalScene.open(confirming);
    const asked: Loose[] = [];
    const result = await call((params) => {
      asked.push(params);
      expect(scene.called()).toEqual([]);
      return yes;
    });
    expect(result.content[0].text).toBe('pay ran');
    expect(asked).toMatchObject([{ message: expect.stringContaining('Money moves.') }]);
    expect(scene.called()).toEqual(['pay']);
  });

  it('is not sent when they do not', async () => {
    scene = await ApprovalScene.open(confirming);
    const result = await call(() => ({ action: 'decline' }));
    expect(result).toMatchObject({
      isError: true,
      _meta: { [refusalKey]: { code: 'not_confirmed', status: 403 } },
    });
    expect(scene.called()).toEqual([]);
    expect(await scene.records('call.answer')).toMatchObject([{ n: 0, answer: 'decline' }]);
  });

  it('waits for its approval after that, which the confirmation is not', async () => {
    scene = await ApprovalScene.open(both);
    let asked = 0;
    const result = call(() => {
      asked += 1;
      return yes;
    });
    const [hold] = await scene.pending();
    expect(scene.called()).toEqual([]);
    expect((await scene.rest('ann', `/v1/approvals/${hold?.id}`)).body.confirmed).toBe(true);
    const { facts } = (await scene.rest('ann', `/v1/approvals/${hold?.id}/view`)).body;
    expect(facts).toContainEqual(expect.objectContaining({ name: 'confirmed', label: 'Confirmed' }));
    expect((await scene.post('agent-a', `/v1/approvals/${hold?.id}/approve`)).status).toBe(403);
    expect((await scene.post('ann', `/v1/approvals/${hold?.id}/approve`)).status).toBe(200);
    expect((await result).content[0].text).toBe('pay ran');
    expect(asked).toBe(1);
    expect(scene.called()).toEqual(['pay']);
  });
});

it('a client that cannot ask its user is refused', async () => {
  scene = await ApprovalScene.open(confirming);
  expect((await scene.call('agent-a', args))._meta[refusalKey].code).toBe('not_confirmed');
});
