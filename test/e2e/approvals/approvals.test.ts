import { afterEach, describe, expect, it } from 'vitest';
import { ApprovalScene, holdKey, type Person, refusalKey } from './approval-scene.js';

let scene: ApprovalScene;
afterEach(() => scene.close());

const args = { to: 'bob', n: 1 };

async function held(who: Person = 'agent-a', what: object = args): Promise<{ id: string; bind: string }> {
  const result = await scene.call(who, what);
  const { id } = result._meta[holdKey];
  return { id, bind: (await scene.rest('ann', `/v1/approvals/${id}`)).body.bind };
}

describe('a call that a person must approve', () => {
  it('is answered as not executed, runs once when it was approved and made again, and then asks again', async () => {
    scene = await ApprovalScene.open();
    const result = await scene.call('agent-a', args);
    expect(result).toMatchObject({
      isError: false,
      _meta: { [holdKey]: { state: 'pending', executed: false } },
    });
    expect(result.content[0].text).toMatch(/^Not executed: .*Finance looks\..*hold_/);
    expect(scene.called()).toEqual([]);

    const [hold] = await scene.pending();
    const { body } = await scene.rest('ann', `/v1/approvals/${hold?.id}`);
    expect(body).toMatchObject({
      state: 'pending',
      caller: 'agent-a',
      credential: 'token:agent-a',
      target: 'pay',
      upstream: 'bank',
      arguments: args,
      rule: 'money',
      reason: 'Finance looks.',
      votes: [],
    });
    const approved = await scene.post('ann', `/v1/approvals/${hold?.id}/approve`, { note: 'fine' });
    expect(approved).toMatchObject({
      status: 200,
      body: { state: 'approved', votes: [{ by: 'ann', note: 'fine' }] },
    });
    expect(scene.called()).toEqual([]);

    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
    expect((await scene.call('agent-a', args))._meta[holdKey].id).not.toBe(hold?.id);
    expect(scene.called()).toEqual(['pay']);
    expect((await scene.records('hold.created', 'hold.approved')).map(({ type }) => type)).toEqual([
      'hold.created',
      'hold.approved',
      'hold.created',
    ]);
  });

  it('is refused with its code once it was denied', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    expect((await scene.post('ann', `/v1/approvals/${id}/deny`)).body.state).toBe('denied');
    const result = await scene.call('agent-a', args);
    expect(result).toMatchObject({
      isError: true,
      _meta: { [refusalKey]: { code: 'approval_denied', status: 403, rule: 'money' } },
    });
    expect(scene.called()).toEqual([]);
  });

  it('waits through a restart of the gateway, and so does its approval', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    await scene.stop();
    await scene.start();
    await scene.post('ann', `/v1/approvals/${id}/approve`);
    await scene.stop();
    await scene.start();
    expect((await scene.call('agent-a', args)).content[0].text).toBe('pay ran');
  });

  it.each([
    ['other arguments', () => scene.call('agent-a', { ...args, n: 2 })],
    ['another caller', () => scene.call('agent-b', args)],
  ])('is asked about anew for %s', async (_what, other) => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    await scene.post('ann', `/v1/approvals/${id}/approve`);
    expect((await other())._meta[holdKey].id).not.toBe(id);
    expect(scene.called()).toEqual([]);
  });

  it('is asked about anew when the policy has changed, and refused when that forbids it', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    await scene.post('ann', `/v1/approvals/${id}/approve`);
    const rule = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', when: 'args.n > 0' };
    await scene.reload({ policy: { default: 'allow', rules: [rule] } });
    const second = await held();
    expect(second.id).not.toBe(id);
    expect((await scene.rest('ann', `/v1/approvals/${id}`)).body.state).toBe('stale');
    await scene.reload({ policy: { default: 'deny' } });
    await scene.post('ann', `/v1/approvals/${second.id}/approve`);
    expect((await scene.call('agent-a', args))._meta[refusalKey].code).toBe('denied');
    expect(scene.called()).toEqual([]);
  });

  it('is asked about anew when another server stands behind the name of the upstream', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    await scene.post('ann', `/v1/approvals/${id}/approve`);
    await scene.stop();
    await scene.start({ upstreams: { bank: { env: { REGION: 'other' } } } });
    expect((await held()).id).not.toBe(id);
    expect(scene.called()).toEqual([]);
  });

  it('is asked about anew when the definition of the tool has changed', async () => {
    const followed = { upstreams: { bank: { pins: 'follow' } } };
    scene = await ApprovalScene.open(followed);
    const { id } = await held();
    await scene.post('ann', `/v1/approvals/${id}/approve`);
    await scene.stop();
    scene.offer('Pays, and tells everybody.');
    await scene.start(followed);
    expect((await held()).id).not.toBe(id);
    expect(scene.called()).toEqual([]);
  });

  it('may be marked as an error where clients need that', async () => {
    scene = await ApprovalScene.open({ approvals: { mode: 'hold', heldIsError: true } });
    expect((await scene.call('agent-a', args)).isError).toBe(true);
  });

  it('is always marked as an error where its tool promises structured content', async () => {
    scene = await ApprovalScene.open();
    expect((await scene.call('agent-a', args, 'quote')).isError).toBe(true);
    expect((await scene.call('agent-a', args, 'pay')).isError).toBe(false);
  });
});

describe('an answer over REST', () => {
  it.each<[string, Person, Person]>([
    ['the key of the call itself', 'deputy', 'deputy'],
    ['the owner of that key', 'deputy', 'olga'],
    ['another agent', 'agent-a', 'agent-b'],
    ['the calling agent', 'agent-a', 'agent-a'],
    ['an auditor', 'agent-a', 'aud'],
  ])('by %s is refused and recorded', async (_who, caller, by) => {
    scene = await ApprovalScene.open();
    const { id } = await held(caller);
    for (const verb of ['approve', 'deny']) {
      expect(await scene.post(by, `/v1/approvals/${id}/${verb}`, { decided_by: 'ann' })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    }
    const tried = await scene.records('hold.answer_refused');
    expect(tried).toEqual([expect.objectContaining({ hold: id, by, via: 'rest' }), expect.anything()]);
    expect((await scene.rest('ann', `/v1/approvals/${id}`)).body.state).toBe('pending');
  });

  it('is never given by opening a link', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    for (const verb of ['approve', 'deny'])
      expect((await scene.rest('ann', `/v1/approvals/${id}/${verb}`)).status).toBe(405);
    expect((await scene.rest('ann', `/v1/approvals/${id}`)).body.state).toBe('pending');
    expect((await scene.post(undefined, `/v1/approvals/${id}/approve`)).status).toBe(401);
  });

  it('counts once, for the call that was shown, and needs a hold that is there', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    const path = `/v1/approvals/${id}/approve`;
    expect(await scene.post('ann', path, { bind: 'sha256:other' })).toMatchObject({
      status: 409,
      body: { code: 'changed' },
    });
    expect(await scene.post('ann', path, { nota: 'x' })).toMatchObject({ status: 400 });
    expect(await scene.post('ann', path, { note: 7 })).toMatchObject({ status: 400 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => scene.post(index % 2 === 0 ? 'ann' : 'bob', path)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect((await scene.post('ann', '/v1/approvals/hold_none/approve')).status).toBe(404);
  });

  it('needs as many people as the rule says, each with a note where it wants one', async () => {
    const approval = { quorum: 2, noteRequired: true };
    const rule = { id: 'money', match: { tools: ['pay'] }, effect: 'ask', approval };
    scene = await ApprovalScene.open({ policy: { default: 'allow', rules: [rule] } });
    const { id } = await held();
    const path = `/v1/approvals/${id}/approve`;
    expect((await scene.post('ann', path)).status).toBe(400);
    expect((await scene.post('ann', path, { note: 'a' })).body.state).toBe('pending');
    expect((await scene.post('ann', path, { note: 'a' })).body.code).toBe('voted');
    expect((await scene.post('bob', path, { note: 'b' })).body.state).toBe('approved');
  });
});

describe('the list of holds', () => {
  it('is whole for those who answer or audit, and holds an agent only its own, without the answers', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held('agent-a');
    const other = await held('agent-b');
    for (const who of ['ann', 'aud', 'olga'] as const)
      expect((await scene.rest(who, '/v1/approvals')).body.approvals).toHaveLength(2);
    const own = (await scene.rest('agent-a', '/v1/approvals')).body.approvals;
    expect(own).toEqual([expect.objectContaining({ id, state: 'pending' })]);
    expect(own[0]).not.toHaveProperty('votes');
    expect((await scene.rest('agent-a', '/v1/approvals?caller=agent-b')).body.approvals).toHaveLength(1);
    expect((await scene.rest('agent-a', `/v1/approvals/${other.id}`)).status).toBe(404);
    expect((await scene.rest(undefined, '/v1/approvals')).status).toBe(401);
  });

  it('comes in pages, and refuses a filter that would hide rows by mistake', async () => {
    scene = await ApprovalScene.open();
    for (const n of [1, 2, 3]) await held('agent-a', { n });
    const first = (await scene.rest('ann', '/v1/approvals?limit=2')).body;
    const second = (await scene.rest('ann', `/v1/approvals?limit=2&cursor=${first.next_cursor}`)).body;
    expect([...first.approvals, ...second.approvals].map((hold) => hold.arguments.n)).toEqual([3, 2, 1]);
    expect(second.next_cursor).toBeUndefined();
    for (const query of ['state=open', 'stat=pending', 'limit=0', 'state=pending&state=used'])
      expect((await scene.rest('ann', `/v1/approvals?${query}`)).status).toBe(400);
  });

  it('lets the caller and operators withdraw a hold, and nobody else', async () => {
    scene = await ApprovalScene.open();
    const { id } = await held();
    expect((await scene.post('ann', `/v1/approvals/${id}/cancel`)).status).toBe(403);
    expect((await scene.post('agent-b', `/v1/approvals/${id}/cancel`)).status).toBe(404);
    expect((await scene.post('agent-a', `/v1/approvals/${id}/cancel`)).body.state).toBe('cancelled');
    expect((await scene.post('agent-a', `/v1/approvals/${id}/cancel`)).status).toBe(409);
  });
});

describe('/admin/holds', () => {
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

  it('is closed until a token is configured, and to every other token', async () => {
    scene = await ApprovalScene.open();
    expect((await scene.rest(undefined, '/admin/holds', bearer('x'))).status).toBe(503);
    await scene.stop();
    await scene.start({}, { MCP_PROXY_ADMIN_TOKEN: 'secret-enough' });
    for (const more of [{}, bearer('wrong'), bearer('agent-a-token'), bearer('ann-token')]) {
      const answer = await scene.rest(undefined, '/admin/holds', more);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="sallyport-admin"',
      ]);
    }
    expect((await scene.records('auth.failed')).length).toBe(4);
  });

  it('lists what waits, approves it and rejects it', async () => {
    const approvals = { mode: 'hold', adminToken: 'env:HOLDS' };
    scene = await ApprovalScene.open({ approvals }, { HOLDS: 'secret-enough' });
    const admin = bearer('secret-enough');
    const first = await held('agent-a', { n: 1 });
    const second = await held('agent-a', { n: 2 });
    const { body } = await scene.rest(undefined, '/admin/holds', admin);
    expect(body.holds).toEqual([
      expect.objectContaining({
        id: first.id,
        tool: 'pay',
        arguments: { n: 1 },
        client_id: 'agent-a',
        reason: 'Finance looks.',
      }),
      expect.objectContaining({ id: second.id }),
    ]);
    const post = (path: string) =>
      scene.rest(undefined, `/admin/holds/${path}`, { ...admin, method: 'POST' });
    expect((await post(`${first.id}/approve`)).status).toBe(200);
    expect(await post(`${second.id}/reject`)).toMatchObject({
      status: 200,
      body: { status: 'rejected', hold_id: second.id },
    });
    expect((await post(`${second.id}/approve`)).status).toBe(404);
    expect((await post('hold_none/reject')).status).toBe(404);
    expect((await scene.call('agent-a', { n: 1 })).content[0].text).toBe('pay ran');
    expect((await scene.call('agent-a', { n: 2 }))._meta[refusalKey].code).toBe('approval_denied');
  });
});
