import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../gateway-process.js';
import { sdk1 } from '../peers.js';
import { openBrowser, visit } from './approval-page-fixture.js';
import { ApprovalScene, type Person, refusalKey } from './approval-scene.js';

let browser: Browser;
let scene: ApprovalScene;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(() => scene.close());

const asked = { to: 'bob', n: 500 };
const changed = { to: 'bob', n: 50 };
const patient = { approvals: { waitSeconds: 20 } };

function approve(who: Person, hold: string, body: object) {
  return scene.rest(who, `/v1/approvals/${hold}/approve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** The one hold that waits. */
async function waiting(): Promise<{ id: string; bind: string }> {
  const [hold] = await scene.pending();
  return hold ?? { id: '', bind: '' };
}

/** The arguments of each call that was decided, and what they stand for. */
async function decided(): Promise<unknown[][]> {
  const { body } = await scene.rest('olga', '/v1/audit/records?type=call.decided&order=asc');
  return body.records.map((record: { edits?: string; effect: string; content: { args?: string } }) => [
    record.effect,
    JSON.parse(record.content.args ?? 'null'),
    record.edits,
  ]);
}

describe('a call that is approved with changes', () => {
  it('runs as a call of its own, once, and whoever waits gets its result, marked', async () => {
    scene = await ApprovalScene.open(patient);
    const client = await sdk1.connect({ url: `${scene.url}/mcp`, key: 'agent-a-token' });
    const reply = client.callTool('pay', asked);
    const { id, bind } = await waiting();
    const answer = await approve('ann', id, { bind, note: 'too much', arguments: changed });
    expect(answer.body).toMatchObject({ id, state: 'used' });
    const { result } = (await reply) as { result: { content: { text: string }[]; _meta: object } };
    expect(result.content.map(({ text }) => text)).toEqual([
      'A person changed the arguments of this call before approving it. What counted: {"to":"bob","n":50}',
      'pay ran',
    ]);
    expect(result._meta).toMatchObject({ 'io.github.sallyport/edited': { hold: id } });
    expect(scene.called()).toEqual(['pay']);
    const all = await decided();
    expect(all.filter(([, , edits]) => edits !== undefined)).toEqual([['allow', changed, id]]);
    expect(all.filter(([effect]) => effect === 'allow')).toHaveLength(1);
    const [original, edited] = await scene.records('hold.approved');
    expect(original).toMatchObject({ hold: id, by: 'ann', note: 'too much', edited: expect.any(String) });
    expect(edited).toMatchObject({ by: 'ann', via: 'rest', caller: { id: 'agent-a' } });
    expect(edited?.bind).not.toBe(bind);
    await client.close();
  });

  it('is asked for again as it was by the next call, for nobody said yes to that', async () => {
    scene = await ApprovalScene.open();
    await scene.call('agent-a', asked);
    const { id } = await waiting();
    await approve('ann', id, { arguments: changed });
    await until('the changed call', () => scene.called().length === 1);
    expect((await scene.call('agent-a', asked)).content[1].text).toBe('pay ran');
    expect((await scene.call('agent-a', asked)).content[0].text).toContain('Not executed');
    expect((await scene.call('agent-a', changed)).content[0].text).toContain('Not executed');
    expect(scene.called()).toEqual(['pay']);
  });

  it('runs once, with its result for the caller, where the gateway makes approved calls itself', async () => {
    scene = await ApprovalScene.open({ approvals: { onApprove: 'execute', waitSeconds: 20 } });
    const reply = scene.call('agent-a', asked);
    const { id } = await waiting();
    expect((await approve('ann', id, { arguments: changed })).status).toBe(200);
    expect((await reply).content[1]?.text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
    expect(await decided()).toContainEqual(['allow', changed, id]);
  });

  it('is judged by the rules about what it is now', async () => {
    const rules = [
      { id: 'never', match: { tools: ['pay'] }, when: 'args.n < 10', effect: 'deny', reason: 'Too little.' },
      {
        id: 'bosses',
        match: { tools: ['pay'] },
        when: 'args.n > 1000',
        effect: 'ask',
        approval: { approvers: ['olga'] },
      },
      { id: 'money', match: { tools: ['pay'] }, effect: 'ask', reason: 'Finance looks.' },
    ];
    scene = await ApprovalScene.open({ ...patient, policy: { default: 'allow', rules } });
    for (const n of [5, 5000]) {
      const reply = scene.call('agent-a', { ...asked, n: n === 5 ? 105 : 150 });
      const { id } = await waiting();
      await approve('ann', id, { arguments: { ...asked, n } });
      const refusal = await reply;
      expect(refusal.isError).toBe(true);
      expect(refusal._meta[refusalKey].code).toBe(n === 5 ? 'denied' : 'approval_expired');
      expect(refusal.content[0].text).toContain('A person changed the arguments of this call');
    }
    expect(scene.called()).toEqual([]);
    expect(await scene.pending(0)).toEqual([]);
  });

  it('is not one that the requester, or the owner of their key, made of it', async () => {
    scene = await ApprovalScene.open();
    await scene.call('deputy', asked);
    const { id } = await waiting();
    for (const who of ['deputy', 'olga', 'agent-b'] as const) {
      expect((await approve(who, id, { arguments: changed })).status).toBe(403);
    }
    expect(await scene.records('hold.answer_refused')).toHaveLength(3);
    expect(scene.called()).toEqual([]);
  });

  it('is not taken while its caller could not make it, and costs the held call nothing', async () => {
    scene = await ApprovalScene.open();
    await scene.call('agent-a', asked);
    const { id } = await waiting();
    const ann = { principal: 'ann', tokens: ['env:TOKEN_ANN'], roles: ['approver'] };
    await scene.reload({ auth: { tokens: [ann] } });
    const early = await approve('ann', id, { arguments: changed });
    expect([early.status, early.body.code]).toEqual([409, 'not_editable']);
    expect(early.body.detail).toContain('not valid any more');
    await scene.reload({});
    expect((await waiting()).id).toBe(id);
    await approve('ann', id, { arguments: changed });
    await until('the changed call', () => scene.called().length === 1);
  });

  it('is not one that changes nothing, is no object, or needs several people', async () => {
    scene = await ApprovalScene.open({ approvals: { mode: 'hold', quorum: 2 } });
    await scene.call('agent-a', asked);
    const { id } = await waiting();
    const two = await approve('ann', id, { arguments: changed });
    expect([two.status, two.body.code]).toEqual([409, 'not_editable']);
    const same = await approve('ann', id, { arguments: { n: 500, to: 'bob' } });
    expect([same.status, same.body.code]).toEqual([409, 'not_editable']);
    expect((await approve('ann', id, { arguments: [1] })).status).toBe(400);
    expect(scene.called()).toEqual([]);
  });

  it('can be made on the page', async () => {
    scene = await ApprovalScene.open(patient);
    const reply = scene.call('agent-a', asked);
    const { id } = await waiting();
    const { page, context } = await visit(browser, scene, { who: 'ann', hold: id });
    await page.getByText('Approve with changes').click();
    const text = page.getByLabel(/^Arguments to run the call with/);
    expect(JSON.parse(await text.inputValue())).toEqual(asked);
    await text.fill('{ "to": ');
    await page.getByRole('button', { name: 'Approve the changed call' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('no JSON');
    await page.getByText('Approve with changes').click();
    await text.fill(JSON.stringify(changed));
    await page.getByRole('button', { name: 'Approve the changed call' }).click();
    await page.getByText('was approved, and was made').waitFor();
    expect((await reply).content[1].text).toBe('pay ran');
    await context.close();
  });
});

describe('an approval that came when its caller had gone', () => {
  it('is replayed by an operator once, never by the caller, and its caller collects the result', async () => {
    scene = await ApprovalScene.open();
    await scene.call('agent-a', asked);
    const { id } = await waiting();
    const replay = (who: Person) => scene.post(who, `/v1/approvals/${id}/replay`);
    expect((await replay('olga')).body.code).toBe('not_approved');
    await scene.post('ann', `/v1/approvals/${id}/approve`);
    expect((await replay('agent-a')).status).toBe(403);
    expect((await replay('ann')).status).toBe(403);
    const replies = await Promise.all([replay('olga'), replay('olga'), replay('olga')]);
    const made = replies.find(({ status }) => status === 200);
    expect(made?.body).toMatchObject({
      id,
      outcome: 'completed',
      result: { content: [{ text: 'pay ran' }] },
    });
    expect((await replay('olga')).status).toBe(409);
    expect(scene.called()).toEqual(['pay']);
    expect((await scene.call('agent-a', asked)).content[0].text).toBe('pay ran');
    expect(scene.called()).toEqual(['pay']);
    expect((await scene.records('hold.replayed'))[0]).toMatchObject({ hold: id, by: 'olga' });
  });
});
