import { expect, it, vi } from 'vitest';
import { JournalUnavailable } from '../../../packages/gateway/src/store/journal.js';
import { recordsOf, rule, serve, start } from './layer-scene.js';

const allowing = { policy: { default: 'allow' as const } };

async function withTools(...tools: string[]) {
  const url = await serve('one', tools);
  return start({ upstreams: { u: { url } }, ...allowing });
}

it('a policy that is made over REST denies the next call, is shown with its history, and ends', async () => {
  const { call, rest, gateway } = await withTools('echo', 'wipe');
  const made = await rest('POST /v1/policies', {
    body: { name: 'guard', note: 'for now', ...rule('deny', 'wipe') },
  });
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe('/v1/policies/guard');
  expect(made.body).toMatchObject({ name: 'guard', source: 'api', version: 1, by: 'olga', note: 'for now' });
  expect(await call('wipe')).toContain('"rule":"api:deny-wipe"');
  expect(await call('echo')).toContain('one ran echo');
  const shown = await rest('GET /v1/policies/guard', { as: 'auditor' });
  expect([shown.status, shown.body]).toEqual([200, made.body]);
  expect(shown.headers.get('etag')).toBe(`"${made.body.revision}"`);
  expect((await rest('DELETE /v1/policies/guard?note=enough')).status).toBe(204);
  expect(await call('wipe')).toContain('one ran wipe');
  expect((await rest('GET /v1/policies/guard')).status).toBe(404);
  const { body } = await rest('GET /v1/policies/guard/history', { as: 'auditor' });
  expect(body).toMatchObject({
    count: 2,
    versions: [
      { version: 2, removed: true, note: 'enough', by: 'olga' },
      { version: 1, rules: [{ id: 'deny-wipe' }], note: 'for now' },
    ],
  });
  expect(await recordsOf(gateway, 'policy.changed')).toHaveLength(2);
});

it('lists both layers page by page, that of the file first and read-only', async () => {
  const url = await serve('one', ['echo', 'wipe']);
  const policy = { rules: [{ id: 'all', match: { tools: ['*'] }, effect: 'allow' as const }] };
  const { rest } = await start({ upstreams: { u: { url } }, policy });
  for (const name of ['b', 'a']) await rest(`PUT /v1/policies/${name}`, { body: { rules: [] } });
  const first = await rest('GET /v1/policies?limit=2', { as: 'auditor' });
  expect(first.body.policies).toMatchObject([
    { name: 'file', source: 'file', default: 'deny', rules: [{ id: 'all', effect: 'allow' }] },
    { name: 'a', source: 'api' },
  ]);
  const second = await rest(`GET /v1/policies?limit=2&cursor=${encodeURIComponent(first.body.next_cursor)}`);
  expect(second.body).toMatchObject({ count: 1, policies: [{ name: 'b' }] });
  expect(second.body.next_cursor).toBeUndefined();
  expect((await rest('GET /v1/policies/file')).body.source).toBe('file');
  for (const request of ['PUT /v1/policies/file', 'DELETE /v1/policies/file']) {
    const refused = await rest(request, request.startsWith('PUT') ? { body: rule('deny', 'wipe') } : {});
    expect([refused.status, refused.body.code]).toEqual([409, 'read_only']);
  }
  const taken = await rest('POST /v1/policies', { body: { name: 'a', rules: [] } });
  expect([taken.status, taken.body.code]).toEqual([409, 'exists']);
});

it('makes a change only of what was seen, and goes back to any version', async () => {
  const { call, rest } = await withTools('echo', 'wipe');
  const first = await rest('PUT /v1/policies/guard', { body: rule('deny', 'echo') });
  expect(first.status).toBe(201);
  const etag = first.headers.get('etag') ?? '';
  const matching = { headers: { 'if-match': etag } };
  const second = await rest('PUT /v1/policies/guard', { body: rule('deny', 'wipe'), ...matching });
  expect([second.status, second.body.version]).toEqual([200, 2]);
  const late = [
    await rest('PUT /v1/policies/guard', { body: rule('deny', 'echo'), ...matching }),
    await rest('DELETE /v1/policies/guard', matching),
    await rest('POST /v1/policies/guard/rollback', { body: { version: 1 }, ...matching }),
  ];
  expect(late.map(({ status, body }) => [status, body.code])).toEqual(
    Array(3).fill([412, 'precondition_failed']),
  );
  expect(await call('wipe')).toContain('"code":"denied"');
  const back = await rest('POST /v1/policies/guard/rollback', {
    body: { version: 1, note: 'too strict' },
    headers: { 'if-match': second.headers.get('etag') ?? '' },
  });
  expect([back.status, back.headers.get('etag')]).toEqual([200, etag]);
  expect(back.body).toMatchObject({ version: 3, note: 'too strict', rules: [{ id: 'deny-echo' }] });
  expect(await call('echo')).toContain('"code":"denied"');
  expect((await rest('POST /v1/policies/guard/rollback', { body: { version: 9 } })).status).toBe(404);
  expect((await rest('DELETE /v1/policies/nobody')).status).toBe(404);
  expect((await rest('GET /v1/policies/nobody/history')).status).toBe(404);
  const odd = await rest('DELETE /v1/policies/guard', { headers: { 'if-match': 'sha256:x' } });
  expect([odd.status, odd.body.code]).toEqual([400, 'invalid_header']);
});

it('tells everything that is wrong with a policy at once, and the nearest name of what it cannot match', async () => {
  const { rest, call } = await withTools('echo', 'wipe');
  await rest('PUT /v1/policies/guard', { body: rule('deny', 'wipe') });
  const typo = await rest('PUT /v1/policies/guard', { body: rule('deny', 'ecoh') });
  expect([typo.status, typo.body.code]).toEqual([422, 'invalid_policy']);
  expect(typo.body.errors).toEqual([
    { path: 'rules[0].match.tools', detail: expect.stringContaining('did you mean "echo"') as string },
  ]);
  const rules = [
    { id: 'a', effect: 'stop', mtach: {} },
    { id: 'b', effect: 'deny', when: 'args.x >' },
  ];
  const shapes = await rest('POST /v1/policies', { body: { name: 'other', rules } });
  expect(shapes.status).toBe(422);
  expect(shapes.body.errors).toMatchObject([
    { path: 'rules[0].effect', found: '"stop"' },
    { path: 'rules[0].mtach', expected: expect.stringContaining('match') as string },
  ]);
  const condition = await rest('POST /v1/policies', { body: { name: 'other', rules: rules.slice(1) } });
  expect(condition.body.errors).toMatchObject([{ path: 'rules[0].when' }]);
  expect((await rest('POST /v1/policies', { body: { name: 'x y', rules: [] } })).status).toBe(422);
  const unknown = await rest('POST /v1/policies', { body: { name: 'x', ruels: [] } });
  expect([unknown.status, unknown.body.detail]).toEqual([400, expect.stringContaining('rules') as string]);
  expect(await call('wipe')).toContain('api:deny-wipe');
});

it('only operators and administrators make policies; auditors read them and agents neither', async () => {
  const { rest } = await withTools('echo');
  const body = { rules: [] };
  expect((await rest('PUT /v1/policies/x', { as: 'auditor', body })).body.code).toBe('role_missing');
  expect((await rest('PUT /v1/policies/x', { as: 'agent', body })).body.code).toBe('role_missing');
  expect((await rest('GET /v1/policies', { as: 'agent' })).body.code).toBe('role_missing');
  expect((await rest('GET /v1/policies', { as: 'auditor' })).status).toBe(200);
  const { paths } = (await rest('GET /openapi.json')).body;
  expect(paths['/v1/policy/explain'].post['x-scope']).toBe('policies:read');
  expect(paths['/v1/policies'].post['x-scope']).toBe('policies:write');
});

it('takes a policy of a thousand rules', async () => {
  const { rest } = await withTools('echo');
  const rules = Array.from({ length: 1000 }, (_, n) => ({
    id: `r-${n}`,
    match: { tools: ['echo'], principals: [`agent-number-${n}`] },
    effect: 'deny',
  }));
  expect((await rest('PUT /v1/policies/large', { body: { rules } })).status).toBe(201);
  const more = [...rules, { id: 'one-more', effect: 'deny' }];
  const refused = await rest('PUT /v1/policies/large', { body: { rules: more } });
  expect([refused.status, refused.body.errors[0].detail]).toEqual([
    422,
    'has 1001 rules; expected 1000 at most',
  ]);
});

it('a change that cannot be recorded is not made', async () => {
  const { rest, gateway, call } = await withTools('echo');
  await rest('PUT /v1/policies/guard', { body: { rules: [] } });
  await rest('PUT /v1/policies/guard', { body: { rules: [], description: 'Nothing yet.' } });
  const commit = vi.spyOn(gateway.store.journal, 'commit').mockRejectedValue(new JournalUnavailable('full'));
  const body = rule('deny', 'echo');
  const answers = [
    await rest('POST /v1/policies', { body: { name: 'new', ...body } }),
    await rest('PUT /v1/policies/guard', { body }),
    await rest('DELETE /v1/policies/guard'),
    await rest('POST /v1/policies/guard/rollback', { body: { version: 1 } }),
  ];
  commit.mockRestore();
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([503, 'unrecorded']));
  expect(await call('echo')).toContain('one ran echo');
  expect((await rest('GET /v1/policies')).body.count).toBe(2);
});

it('what another process left that cannot work stands in the way until it is mended, and says so', async () => {
  const { rest, gateway, call } = await withTools('echo');
  await rest('PUT /v1/policies/mine', { body: rule('deny', 'echo') });
  await rest('PUT /v1/policies/mine', { body: { rules: [] } });
  const { changes } = gateway.store.layer.current();
  const bad = { ...rule('deny', 'ecoh') };
  const key = { kind: 'policy' as const, tenant: 'default', name: 'theirs' };
  gateway.store.layer.append(
    { ...key, version: 1, revision: 'sha256:x', at: 1, by: 'x', content: bad },
    changes,
  );
  const answers = [
    await rest('DELETE /v1/policies/mine'),
    await rest('POST /v1/policies/mine/rollback', { body: { version: 1 } }),
  ];
  for (const { status, body } of answers) {
    expect([status, body.code]).toEqual([422, 'invalid_policy']);
    expect(body.errors[0].path).toBe('policies.theirs.rules[0].match.tools');
  }
  expect(await call('echo')).toContain('one ran echo');
  expect((await rest('DELETE /v1/policies/theirs')).status).toBe(204);
  expect((await rest('DELETE /v1/policies/mine')).status).toBe(204);
});

it('explains a call rule by rule, also for callers and times that are only thought of', async () => {
  const { rest } = await withTools('echo', 'wipe');
  const rules = [
    {
      id: 'nights',
      match: { tools: ['wipe'] },
      during: ['22:00-06:00 UTC'],
      effect: 'deny',
      reason: 'Not at night.',
    },
    { id: 'bots', match: { tools: ['wipe'], labels: { team: ['bots'] } }, effect: 'deny' },
  ];
  expect((await rest('PUT /v1/policies/guard', { body: { rules } })).status).toBe(201);
  const ask = (more: object) =>
    rest('POST /v1/policy/explain', {
      as: 'auditor',
      body: { tool: 'wipe', at: '2026-01-05T12:00:00Z', ...more },
    });
  const noon = await ask({});
  expect([noon.status, noon.body.decision.effect]).toEqual([200, 'allow']);
  const night = await ask({ at: '2026-01-05T23:00:00Z' });
  expect(night.body.decision).toMatchObject({ effect: 'deny', rule: 'api:nights' });
  expect(night.body.rules.map(({ id, matched }: { id: string; matched: boolean }) => [id, matched])).toEqual([
    ['api:nights', true],
    ['api:bots', false],
  ]);
  expect((await ask({ labels: { team: 'bots' } })).body.decision.rule).toBe('api:bots');
  expect((await ask({ tool: 'nothing' })).status).toBe(404);
  expect((await ask({ prompt: 'both' })).status).toBe(400);
  expect(noon.body.session).toBeUndefined();
  const inSession = async (session: object) => (await ask({ session })).body.session;
  const needs = ['read', 'execute'];
  expect(await inSession({ scopes: ['read'], spend_limit: '5' })).toEqual({
    scopes: ['read'],
    needs,
    budget: '5',
    cost: '0',
  });
  expect(await inSession({ scopes: ['send'] })).toEqual({
    scopes: ['send'],
    needs,
    refused: 'scope_missing',
  });
  const odd = await ask({ session: { scopes: ['reed'] } });
  expect([odd.status, odd.body.errors[0].path]).toEqual([400, 'session.scopes']);
});

it('checks and compares drafts without making them', async () => {
  const { rest, call } = await withTools('echo', 'wipe');
  await rest('PUT /v1/policies/guard', { body: rule('deny', 'wipe') });
  const check = (body: object) => rest('POST /v1/policy/check', { as: 'auditor', body });
  expect((await check({})).body.findings).toMatchObject([{ code: 'uncovered', target: 'echo' }]);
  const bad = await check({ name: 'guard', ...rule('deny', 'ecoh') });
  expect(bad.body.findings[0]).toMatchObject({
    severity: 'error',
    path: 'policies.guard.rules[0].match.tools',
  });
  const broken = await check({ rules: [{ id: 'a', effect: 'stop' }] });
  expect(broken.body.findings).toMatchObject([{ severity: 'error', path: 'rules[0].effect' }]);
  const diff = await rest('POST /v1/policy/diff', {
    as: 'auditor',
    body: { name: 'guard', ...rule('deny', 'echo') },
  });
  expect(diff.body.rules.map(({ id, change }: { id: string; change: string }) => [id, change])).toEqual([
    ['api:deny-wipe', 'removed'],
    ['api:deny-echo', 'added'],
  ]);
  const ofSomebody = ({ caller }: { caller: string }) => caller === 'somebody';
  expect(diff.body.changes.filter(ofSomebody)).toMatchObject([
    { target: 'wipe', before: 'deny', after: 'allow', direction: 'looser' },
    { target: 'echo', before: 'allow', after: 'deny', direction: 'tighter' },
  ]);
  const gone = await rest('POST /v1/policy/diff', { body: { name: 'guard', remove: true } });
  expect(gone.body.changes.filter(ofSomebody)).toMatchObject([{ target: 'wipe', after: 'allow' }]);
  const cannot = await rest('POST /v1/policy/diff', { body: { rules: [{ id: 'a', effect: 'stop' }] } });
  expect([cannot.status, cannot.body.code]).toEqual([422, 'invalid_policy']);
  expect((await rest('POST /v1/policy/check', { body: { remove: true } })).status).toBe(400);
  expect(await call('wipe')).toContain('api:deny-wipe');
  expect((await rest('GET /v1/policies')).body.count).toBe(2);
});
