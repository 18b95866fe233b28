import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { ApprovalScene, holdKey, type Loose, refusalKey } from './approval-scene.js';
import { askModern } from './modern-wire.js';

let scene: ApprovalScene;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await scene.close();
});

const args = { to: 'bob', n: 1 };
const publicUrl = 'https://approvals.example/gate/';
const withPage = (more: object = {}) => ({ approvals: { waitSeconds: 20, publicUrl, ...more } });
const opensPages = { elicitation: { form: {}, url: {} } };

async function answer(verb: 'approve' | 'deny'): Promise<string> {
  const [hold] = await scene.pending();
  await scene.post('ann', `/v1/approvals/${hold?.id}/${verb}`);
  return hold?.id ?? '';
}

describe('a modern client that opens pages', () => {
  const call = async (more: object = {}, capabilities: object = opensPages): Promise<Loose> =>
    (await askModern(scene, 'tools/call', { name: 'pay', arguments: args, ...more }, { capabilities }))
      .result;
  const said = (action: string, more: object = {}) => ({ inputResponses: { approval: { action, ...more } } });

  it('is asked at once to open the page of the hold, and then waits', async () => {
    scene = await ApprovalScene.open(withPage());
    const first = await call();
    const [hold] = await scene.pending();
    expect(first).toMatchObject({ resultType: 'input_required', _meta: { [holdKey]: { id: hold?.id } } });
    expect(first.inputRequests.approval).toMatchObject({
      method: 'elicitation/create',
      params: {
        mode: 'url',
        url: `https://approvals.example/gate/approve/${hold?.id}`,
        message: expect.stringContaining('Finance looks.'),
      },
    });
    const { requestState } = first;
    const waiting = call({ requestState, ...said('accept') });
    await answer('approve');
    expect((await waiting).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
  });

  it('has approved nothing by agreeing, and is not asked again', async () => {
    scene = await ApprovalScene.open(withPage({ waitSeconds: 0.05 }));
    const { requestState } = await call();
    const second = await call({ requestState, ...said('accept') });
    expect(second.resultType).toBe('input_required');
    expect(second).not.toHaveProperty('inputRequests');
    const third = await call({ requestState: second.requestState });
    expect(third).not.toHaveProperty('inputRequests');
    expect(await scene.records('hold.answer_refused')).toEqual([]);
    expect(scene.called()).toEqual([]);
  });

  it('that sends more than an answer to the page has it on record as a try to approve', async () => {
    scene = await ApprovalScene.open(withPage({ waitSeconds: 0.05 }));
    const { requestState } = await call();
    await call({ requestState, ...said('accept', { content: { approved: true } }) });
    expect(await scene.records('hold.answer_refused')).toMatchObject([{ by: 'agent-a', via: 'mcp' }]);
    expect(await scene.pending()).toHaveLength(1);
  });

  it('waits no more when it declines; the hold stays for others', async () => {
    scene = await ApprovalScene.open(withPage());
    const { requestState } = await call();
    const declined = await call({ requestState, ...said('decline') });
    expect(declined).toMatchObject({ resultType: 'complete', _meta: { [holdKey]: { executed: false } } });
    const id = await answer('approve');
    expect(declined._meta[holdKey]).toMatchObject({
      id,
      page: `https://approvals.example/gate/approve/${id}`,
    });
    expect((await call()).content[0].text).toBe('pay ran');
  });

  it.each([
    ['does not open pages', { elicitation: { form: {} } }, {}],
    ['is not to be asked', opensPages, { openPage: false }],
  ])('waits as others do where it %s', async (_why, capabilities, more) => {
    scene = await ApprovalScene.open(withPage({ waitSeconds: 0.05, ...more }));
    const first = await call({}, capabilities);
    expect(first.resultType).toBe('input_required');
    expect(first).not.toHaveProperty('inputRequests');
  });
});

describe('a client of 2025-11-25 that opens pages', () => {
  interface Visitor {
    readonly asked: Loose[];
    /** The pages that it was told are answered. */
    readonly completed: string[];
    readonly call: () => Promise<Loose>;
  }

  async function connect(answering: () => ElicitResult | Promise<ElicitResult>): Promise<Visitor> {
    const capabilities = { elicitation: { url: {} } };
    const client = new Client({ name: 'sdk', version: '1.0.0' }, { capabilities });
    const asked: Loose[] = [];
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params);
      return answering();
    });
    const completed: string[] = [];
    client.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) => {
      completed.push(params.elicitationId);
    });
    const requestInit = { headers: { Authorization: 'Bearer agent-a-token' } };
    const transport = new StreamableHTTPClientTransport(new URL(`${scene.url}/mcp`), { requestInit });
    await client.connect(transport as never);
    ends.push(() => client.close());
    return { asked, completed, call: () => client.callTool({ name: 'pay', arguments: args }) };
  }

  it('is asked to open the page while its call waits, which goes on when somebody approves', async () => {
    scene = await ApprovalScene.open(withPage());
    const { asked, call } = await connect(() => ({ action: 'accept' }));
    const reply = call();
    await until('the question', () => asked.length === 1);
    expect(scene.called()).toEqual([]);
    const id = await answer('approve');
    expect(asked[0]).toMatchObject({
      mode: 'url',
      url: `https://approvals.example/gate/approve/${id}`,
      elicitationId: expect.any(String),
    });
    expect((await reply).content[0].text).toBe('pay ran');
  });

  it.each(['approve', 'deny'] as const)(
    'is told that the page is answered when somebody says %s',
    async (verb) => {
      scene = await ApprovalScene.open(withPage());
      const { asked, completed, call } = await connect(() => ({ action: 'accept' }));
      const reply = call();
      await until('the question', () => asked.length === 1);
      expect(completed).toEqual([]);
      await answer(verb);
      await reply;
      await until('the news', () => completed.length > 0);
      expect(completed).toEqual([asked[0].elicitationId]);
    },
  );

  it('whose user never says anything to the page is answered when somebody decides', async () => {
    scene = await ApprovalScene.open(withPage());
    const { asked, call } = await connect(() => new Promise<never>(() => undefined));
    const reply = call();
    await until('the question', () => asked.length === 1);
    await answer('deny');
    expect((await reply)._meta[refusalKey].code).toBe('approval_denied');
  });

  it('ends its wait by declining; the hold stays for others', async () => {
    scene = await ApprovalScene.open(withPage());
    const { call } = await connect(() => ({ action: 'decline' }));
    expect((await call())._meta[holdKey]).toMatchObject({ state: 'pending', executed: false });
    expect(await scene.pending()).toHaveLength(1);
  });

  it('ends by declining the hold of a rule whose calls only wait', async () => {
    scene = await ApprovalScene.open(withPage({ mode: 'wait' }));
    const { call } = await connect(() => ({ action: 'decline' }));
    expect((await call())._meta[refusalKey].code).toBe('approval_expired');
    const { approvals } = (await scene.rest('ann', '/v1/approvals')).body;
    expect(approvals).toMatchObject([{ state: 'cancelled' }]);
  });

  it('learns by an error that there is a page, where its call is not to wait', async () => {
    scene = await ApprovalScene.open(withPage({ mode: 'hold' }));
    const { asked, completed, call } = await connect(() => ({ action: 'accept' }));
    const fault = await call().then(
      () => undefined,
      (cause: Loose) => cause,
    );
    const [hold] = await scene.pending();
    expect(fault).toMatchObject({
      code: -32042,
      data: { elicitations: [{ mode: 'url', url: `https://approvals.example/gate/approve/${hold?.id}` }] },
    });
    expect(asked).toEqual([]);
    await answer('approve');
    await until('the news', () => completed.length > 0);
    expect(completed).toEqual([fault.data.elicitations[0].elicitationId]);
    expect((await call()).content[0].text).toBe('pay ran');
  });
});
