import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { scratchFolder, until } from '../e2e/gateway-process.js';
import { openShop, type ShopServer } from '../rest/shop-server.js';

// What Haldir documents of approvals, over the real listener with a real server behind it: same paths, bodies and fields.

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const folder = scratchFolder();
const people = {
  bot: { roles: ['agent'], labels: { owner: 'olga' } },
  busy: { roles: ['agent'] },
  stopped: { roles: ['agent'] },
  both: { roles: ['agent', 'approver', 'admin'] },
  olga: { roles: ['approver'] },
  ann: { roles: ['approver'] },
  bob: { roles: ['approver'] },
  op: { roles: ['operator', 'auditor'] },
  stranger: { tenant: 'acme', roles: ['agent', 'approver', 'operator', 'admin'] },
} as const;
type Person = keyof typeof people;
const tokenOf = (person: Person) => `${person}-${'t'.repeat(32)}`;
let ahead = 0;

let shop: ShopServer;
let gateway: Gateway;
let base = '';

beforeAll(async () => {
  const readOnly = { annotations: { readOnlyHint: true } };
  shop = await openShop([
    { name: 'look', ...readOnly },
    { name: 'pay' },
    { name: 'wire' },
    { name: 'delete_rows', ...readOnly },
    { name: 'secret' },
    { name: 'banned' },
    { name: 'auto' },
  ]);
  await start();
});
afterAll(async () => {
  await gateway.stop('test');
  shop.close();
  rmSync(folder.path, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const tokens = Object.entries(people).map(([principal, rest]) => ({
    principal,
    tokens: [`env:KEY_${principal}`],
    ...rest,
  }));
  const environment = Object.fromEntries(
    Object.keys(people).map((person) => [`KEY_${person}`, tokenOf(person as Person)]),
  );
  const rules = [
    { id: 'hidden', match: { tools: ['secret'] }, effect: 'hide' },
    { id: 'never', match: { tools: ['banned'] }, effect: 'deny' },
    { id: 'auto', match: { tools: ['auto'] }, effect: 'ask', approval: { onApprove: 'execute' } },
  ];
  const config = await configInMemory(
    {
      upstreams: { shop: { url: shop.url, arguments: 'open' } },
      listen: { port: 0 },
      policy: { default: 'allow', rules },
      approvals: { perCaller: 8 },
      auth: { tokens },
    } as never,
    folder.path,
    { environment },
  );
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  gateway = await openGateway({ config, log: silent, clock, mode: 'serve' });
  base = (await gateway.start()).url ?? '';
}

/** Compared, not trusted. */
type Body = ReturnType<typeof JSON.parse>;
interface Answer {
  readonly status: number;
  readonly body: Body;
}

async function send(as: Person, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${tokenOf(as)}`,
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function newSession(
  as: Person = 'bot',
  scopes = ['read', 'write', 'execute', 'delete'],
): Promise<string> {
  const wish = { agent_id: 'research-bot', scopes, ttl: 86_400 };
  return (await send(as, 'POST', '/v1/sessions', wish)).body.session_id;
}

const call = (session_id: string, tool: string, args: object = {}, as: Person = 'bot') =>
  send(as, 'POST', '/v1/proxy/call', { tool, arguments: args, session_id });
const request = (body: object, as: Person = 'bot') => send(as, 'POST', '/v1/approvals/request', body);
const answer = (as: Person, verdict: 'approve' | 'deny', id: string, body: object = {}) =>
  send(as, 'POST', `/v1/approvals/${id}/${verdict}`, body);
const look = (id: string, as: Person = 'bot') => send(as, 'GET', `/v1/approvals/${id}`);

async function withRule(rule: object, use: (id: string) => Promise<void>): Promise<void> {
  const made = await send('op', 'POST', '/v1/approvals/rules', rule);
  expect([made.status, made.body]).toMatchObject([201, { added: true, ...rule }]);
  try {
    await use(made.body.id);
  } finally {
    expect((await send('op', 'DELETE', `/v1/approvals/rules/${made.body.id}`)).status).toBe(204);
  }
}

/** That the call was not made, and waits; by which id. */
async function held(answered: Promise<Answer>): Promise<string> {
  const before = shop.ran.length;
  const { status, body } = await answered;
  expect([status, body]).toMatchObject([200, { status: 'approval_required', isError: false }]);
  expect(body.request_id).toMatch(/^apr_/);
  expect(shop.ran.length).toBe(before);
  return body.request_id;
}

async function made(answered: Promise<Answer>): Promise<void> {
  const before = shop.ran.length;
  const { status, body } = await answered;
  expect([status, body]).toMatchObject([200, { content: [{ text: 'done' }] }]);
  expect(body.status).toBeUndefined();
  expect(shop.ran.length).toBe(before + 1);
}

const kinds: readonly (readonly [object, string, object, string, object])[] = [
  [{ type: 'spend_over', threshold: 100 }, 'pay', { amount: 100.01 }, 'pay', { amount: 100 }],
  [{ type: 'tool_blocked', tools: ['wire'] }, 'wire', { to: 'x' }, 'pay', {}],
  [{ type: 'destructive' }, 'delete_rows', { table: 'users' }, 'look', {}],
  [{ type: 'destructive', threshold: 0, tools: [] }, 'wire', { to: 'y' }, 'look', { n: 1 }],
];

describe.each(kinds)('the rule %j', (rule, tool, args, other, otherArgs) => {
  it('has a person asked; approved the same call executes once, denied it is refused', () =>
    withRule(rule, async () => {
      const session = await newSession();
      const mine = () => call(session, tool, args);
      await made(call(session, other, otherArgs));
      const first = await held(mine());
      expect((await look(first)).body).toMatchObject({
        request_id: first,
        status: 'pending',
        agent_id: 'research-bot',
        tool,
        details: args,
      });
      expect(await held(mine())).toBe(first);
      const yes = await answer('ann', 'approve', first, { decided_by: 'the CEO', note: 'fine' });
      expect([yes.status, yes.body]).toEqual([
        200,
        { approved: true, request_id: first, status: 'approved' },
      ]);
      const seen = (await look(first, 'ann')).body;
      expect(seen).toMatchObject({ status: 'approved', decided_by: 'ann', decision_note: 'fine' });
      expect((await look(first)).body).not.toHaveProperty('decided_by');
      await made(mine());
      const second = await held(mine());
      expect(second).not.toBe(first);
      expect((await look(first)).body.status).toBe('approved');
      const no = await answer('ann', 'deny', second);
      expect([no.status, no.body]).toEqual([200, { denied: true, request_id: second, status: 'denied' }]);
      const refused = await mine();
      expect([refused.status, refused.body.code]).toEqual([403, 'approval_denied']);
      const late = await answer('ann', 'approve', second);
      expect([late.status, late.body.code]).toEqual([400, 'decided']);
    }));
});

it('the rule "all" has a person asked about every tool, and a rule that has ended about none', async () => {
  const session = await newSession();
  await withRule({ type: 'all' }, async () => {
    for (const tool of ['look', 'pay', 'wire', 'delete_rows']) {
      const id = await held(call(session, tool, { all: true }));
      await answer('ann', 'approve', id);
      await made(call(session, tool, { all: true }));
      await answer('ann', 'deny', await held(call(session, tool, { all: true })));
    }
  });
  await made(call(session, 'look', { all: 'over' }));
});

describe('rules', () => {
  it('are listed, by themselves, and kept over a restart with what waits by them', async () => {
    const session = await newSession();
    await withRule({ type: 'tool_blocked', tools: ['wire', 'shop.pay'] }, async (id) => {
      const waits = await held(call(session, 'pay', { restart: true }));
      const rule = { id, type: 'tool_blocked', tools: ['wire', 'shop.pay'] };
      expect((await send('op', 'GET', '/v1/approvals/rules')).body).toEqual({ count: 1, rules: [rule] });
      expect((await send('op', 'GET', '/v1/proxy/policies')).body.count).toBe(0);
      expect((await send('op', 'DELETE', `/v1/proxy/policies/${id}`)).status).toBe(404);
      await gateway.stop('test');
      await start();
      expect((await send('op', 'GET', '/v1/approvals/rules')).body.rules).toEqual([rule]);
      await answer('ann', 'approve', waits);
      await made(call(session, 'pay', { restart: true }));
      const records = (await send('op', 'GET', '/v1/audit/records?type=policy.changed&limit=1')).body.records;
      expect(records).toMatchObject([{ name: id, change: 'added', by: 'op' }]);
    });
  });

  it('are those of one tenant', async () => {
    await withRule({ type: 'all' }, async (id) => {
      expect((await send('stranger', 'GET', '/v1/approvals/rules')).body.count).toBe(0);
      expect((await send('stranger', 'DELETE', `/v1/approvals/rules/${id}`)).status).toBe(404);
      const theirs = await newSession('stranger');
      await made(call(theirs, 'look', {}, 'stranger'));
    });
  });

  it('that would be ignored are refused instead', async () => {
    const bodies = [
      [{}, 400],
      [{ type: 'tool_match', tools: ['x'] }, 400],
      [{ type: 'all', notify: ['x'] }, 400],
      [{ type: 'spend_over' }, 422],
      [{ type: 'spend_over', threshold: -1 }, 400],
      [{ type: 'tool_blocked' }, 422],
      [{ type: 'tool_blocked', tools: [] }, 422],
      [{ type: 'all', threshold: 5 }, 422],
    ] as const;
    for (const [body, status] of bodies) {
      const refused = await send('op', 'POST', '/v1/approvals/rules', body);
      expect([body, refused.status]).toEqual([body, status]);
    }
    expect((await send('op', 'GET', '/v1/approvals/rules')).body.count).toBe(0);
    const { id } = (await send('op', 'POST', '/v1/approvals/rules', { type: 'all' })).body;
    const headers = { Authorization: `Bearer ${tokenOf('op')}`, 'If-Match': '"another"' };
    const path = `${base}/v1/approvals/rules/${id}`;
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(412);
    expect((await send('op', 'DELETE', `/v1/approvals/rules/${id}`)).status).toBe(204);
    expect((await send('op', 'DELETE', `/v1/approvals/rules/${id}`)).status).toBe(404);
  });
});

describe('a request', () => {
  const words = { tool: 'stripe', action: 'charge', amount: 500, reason: 'API access', details: { to: 'x' } };

  it('is asked, shown, answered and looked at as documented', async () => {
    const session_id = await newSession();
    const asked = await request({ ...words, session_id, ttl: 600 });
    const id = asked.body.request_id;
    expect([asked.status, asked.body]).toMatchObject([
      201,
      { request_id: expect.stringMatching(/^apr_/), status: 'pending' },
    ]);
    expect(asked.body.expires_at_unix * 1000).toBeCloseTo(Date.now() + ahead + 600_000, -4);
    expect(Date.parse(asked.body.expires_at)).toBeCloseTo(asked.body.expires_at_unix * 1000, -4);
    expect((await request({ ...words, session_id, ttl: 600 })).body.request_id).toBe(id);
    const shown = {
      request_id: id,
      agent_id: 'research-bot',
      tool: 'stripe',
      action: 'charge',
      amount: '500',
      reason: 'API access',
    };
    const pending = (await send('ann', 'GET', '/v1/approvals/pending?agent_id=research-bot')).body;
    expect(pending.requests).toEqual([{ ...shown, created_at: expect.any(String) }]);
    expect(pending.count).toBe(1);
    expect((await send('ann', 'GET', '/v1/approvals/pending?agent_id=other')).body.count).toBe(0);
    expect((await send('busy', 'GET', '/v1/approvals/pending')).body.count).toBe(0);
    expect((await send('stranger', 'GET', '/v1/approvals/pending')).body.count).toBe(0);
    const view = (await send('ann', 'GET', `/v1/approvals/${id}/view`)).body;
    const facts = JSON.stringify(view.facts);
    for (const text of ['Asks beforehand about', 'a yes lets no call run', 'names no tool of this gateway'])
      expect(facts).toContain(text);
    expect(facts).not.toContain('API access');
    expect(JSON.stringify(view.arguments)).toContain('API access');
    expect((await answer('ann', 'approve', id)).status).toBe(200);
    const whole = (await look(id, 'ann')).body;
    expect(whole).toMatchObject({ ...shown, status: 'approved', decided_by: 'ann', details: { to: 'x' } });
    expect(whole.session_id).toMatch(/^sn_/);
    expect((await look(id.replace('apr_', 'hold_'))).body).toMatchObject({ state: 'approved' });
  });

  it('with arguments, approved, has exactly that call executed once, in its session', () =>
    withRule({ type: 'tool_blocked', tools: ['wire'] }, async () => {
      const session_id = await newSession();
      const args = { to: 'ann', amount: 12.5 };
      const wish = {
        session_id,
        tool: 'wire',
        action: 'send',
        amount: 12.5,
        reason: 'rent',
        arguments: args,
      };
      const { status, body } = await request(wish);
      expect([status, body.status]).toEqual([201, 'pending']);
      const facts = JSON.stringify(
        (await send('ann', 'GET', `/v1/approvals/${body.request_id}/view`)).body.facts,
      );
      expect(facts).toContain('The caller says, not verified');
      expect(facts).toContain('send · 12.5 USD · rent');
      expect((await answer('ann', 'approve', body.request_id)).body.approved).toBe(true);
      await held(call(session_id, 'wire', { ...args, amount: 12.51 }));
      await held(call(await newSession(), 'wire', args));
      expect((await request(wish)).body).toMatchObject({ request_id: body.request_id, status: 'approved' });
      await made(call(session_id, 'wire', args));
      const again = await held(call(session_id, 'wire', args));
      expect(again).not.toBe(body.request_id);
      expect((await request(wish)).body).toMatchObject({ request_id: again, status: 'pending' });
      await answer('ann', 'deny', again);
      expect((await request(wish)).body).toMatchObject({ request_id: again, status: 'denied' });
      expect((await call(session_id, 'wire', args)).body.code).toBe('approval_denied');
    }));

  it('with arguments that leaves the amount out is shown with that of the arguments', () =>
    withRule({ type: 'tool_blocked', tools: ['wire'] }, async () => {
      const wish = { session_id: await newSession(), tool: 'wire', arguments: { to: 'x', amount: 500_000 } };
      const { body } = await request(wish);
      expect((await look(body.request_id)).body).toMatchObject({ status: 'pending', amount: '500000' });
      const { requests } = (await send('ann', 'GET', '/v1/approvals/pending')).body;
      const shown = { request_id: body.request_id, amount: '500000' };
      expect(requests).toContainEqual(expect.objectContaining(shown));
      await answer('ann', 'deny', body.request_id);
    }));

  it('without arguments opens no call, whatever it says', () =>
    withRule({ type: 'tool_blocked', tools: ['pay'] }, async () => {
      const session_id = await newSession();
      const { body } = await request({ session_id, tool: 'pay', amount: 5, details: { amount: 5 } });
      expect((await answer('ann', 'approve', body.request_id)).body.approved).toBe(true);
      expect((await look(body.request_id)).body.status).toBe('approved');
      const id = await held(call(session_id, 'pay', { amount: 5 }));
      await held(call(session_id, 'pay'));
      const beforehand = await send('both', 'POST', '/v1/standing-approvals', {
        hold: body.request_id.replace('apr_', 'hold_'),
        minutes: 5,
        calls: 5,
      });
      expect(beforehand.status).toBe(409);
      const replayed = await send('op', 'POST', `/v1/approvals/${body.request_id}/replay`, {});
      expect([replayed.status, replayed.body.code]).toEqual([409, 'not_approved']);
      const edited = await answer('ann', 'approve', body.request_id, { arguments: { amount: 5 } });
      expect(edited.status).toBe(409);
      await answer('ann', 'deny', id);
    }));

  it('is not carried out by the gateway, whatever the rule says: its caller makes the call', async () => {
    const session_id = await newSession();
    const [question, whole] = [
      await request({ session_id, tool: 'auto', details: { n: 1 } }),
      await request({ session_id, tool: 'auto', arguments: { n: 1 } }),
    ].map(({ body }) => body.request_id);
    expect((await answer('ann', 'approve', question)).body.approved).toBe(true);
    expect((await answer('ann', 'approve', whole)).body.approved).toBe(true);
    // Approvals are carried out as they are given, so this one would be made after those.
    const made = await held(call(session_id, 'auto', { n: 2 }));
    await answer('ann', 'approve', made);
    await until(
      'the result of a call that was made',
      async () => (await send('bot', 'GET', `/v1/approvals/${made}/result`)).status === 200,
    );
    expect(shop.ran.filter((name) => name === 'auto')).toHaveLength(1);
    expect(JSON.parse(shop.bodies.at(-1) ?? '').params.arguments).toEqual({ n: 2 });
    expect((await look(whole)).body.status).toBe('approved');
    const collected = await call(session_id, 'auto', { n: 1 });
    expect(collected.body.content).toEqual([{ type: 'text', text: 'done' }]);
    expect(shop.ran.filter((name) => name === 'auto')).toHaveLength(2);
    await answer('ann', 'deny', await held(call(session_id, 'auto', { n: 1 })));
  });

  it('about a call that no rule asks about opens nothing either', async () => {
    const session_id = await newSession();
    const { body } = await request({ session_id, tool: 'look', arguments: { free: true } });
    expect((await answer('ann', 'approve', body.request_id)).body.approved).toBe(true);
    await withRule({ type: 'all' }, async () => {
      const id = await held(call(session_id, 'look', { free: true }));
      await answer('ann', 'deny', id);
    });
  });

  it('that nobody answers in time is expired, and counts no more', async () => {
    const session_id = await newSession();
    const { body } = await request({ ...words, session_id, reason: 'soon', ttl: 60 });
    ahead += 61_000;
    expect((await look(body.request_id)).body.status).toBe('expired');
    const late = await answer('ann', 'approve', body.request_id);
    expect([late.status, late.body.code]).toEqual([400, 'expired']);
    const anew = await request({ ...words, session_id, reason: 'soon', ttl: 60 });
    expect(anew.body.request_id).not.toBe(body.request_id);
    await answer('ann', 'deny', anew.body.request_id);
  });

  it('is answered by nobody who asked, nor by the owner of their key, and each try is on record', async () => {
    const own = await request({ ...words, session_id: await newSession('both'), reason: 'own' }, 'both');
    const bots = await request({ ...words, session_id: await newSession(), reason: 'owned' });
    const tries = [
      ['both', own.body.request_id],
      ['bot', bots.body.request_id],
      ['olga', bots.body.request_id],
    ] as const;
    for (const [who, id] of tries) {
      const refused = await answer(who, 'approve', id, { decided_by: 'ann' });
      expect([who, refused.status, refused.body.code]).toEqual([who, 403, 'forbidden']);
      expect((await look(id, 'ann')).body.status).toBe('pending');
    }
    const { records } = (await send('op', 'GET', '/v1/audit/records?type=hold.answer_refused&limit=3')).body;
    expect((records as Body[]).map(({ by, hold }) => [by, hold]).toReversed()).toEqual(
      tries.map(([who, id]) => [who, id.replace('apr_', 'hold_')]),
    );
    for (const [, id] of tries.slice(0, 2)) await answer('bob', 'deny', id);
  });

  it('that cannot be is refused, and one that is not there is not found', async () => {
    const session_id = await newSession();
    const narrow = await newSession('bot', ['browse']);
    const refusals = [
      [{ tool: 'x' }, 400, 'invalid_body'],
      [{ session_id }, 400, 'invalid_body'],
      [{ session_id, tool: 'x', ttl: 0 }, 400, 'invalid_body'],
      [{ session_id, tool: 'x', ttl: 1 }, 400, 'invalid_body'],
      [{ session_id, tool: 'x', amount: -1 }, 400, 'invalid_body'],
      [{ session_id, tool: 'x', decided_by: 'me' }, 400, 'invalid_body'],
      [{ session_id, tool: 'pay', amount: 5, arguments: { amount: 5000 } }, 400, 'invalid_body'],
      [{ session_id, tool: 'pay', amount: 3, arguments: { amount: '500,000' } }, 400, 'invalid_body'],
      [{ session_id, tool: 'pay', amount: 3, arguments: { value: 500_000 } }, 400, 'invalid_body'],
      [{ session_id, tool: 'pay', amount: 0, arguments: { amount: 5000 } }, 400, 'invalid_body'],
      [{ session_id, tool: 'pay', details: {}, arguments: {} }, 400, 'invalid_body'],
      [{ session_id: `ses_${'x'.repeat(32)}`, tool: 'x' }, 401, 'session_invalid'],
      [{ session_id, tool: 'banned' }, 403, 'denied'],
      [{ session_id, tool: 'banned', arguments: {} }, 403, 'denied'],
      [{ session_id: narrow, tool: 'wire' }, 403, 'scope_missing'],
      [{ session_id, tool: 'nothing', arguments: {} }, 404, 'unknown_target'],
      [{ session_id, tool: 'secret', arguments: {} }, 404, 'unknown_target'],
    ] as const;
    for (const [body, status, code] of refusals) {
      const refused = await request(body);
      expect([body, refused.status, refused.body.code]).toEqual([body, status, code]);
    }
    expect((await look('apr_none')).status).toBe(404);
    const unknown = await answer('ann', 'deny', 'apr_none');
    expect([unknown.status, unknown.body.code]).toEqual([400, 'unknown']);
  });

  it('about a tool that is hidden is as one about no tool', async () => {
    const session_id = await newSession();
    const ask = async (tool: string) => {
      const { request_id } = (await request({ session_id, tool, reason: 'is it there?' })).body;
      const { facts } = (await send('ann', 'GET', `/v1/approvals/${request_id}/view`)).body;
      await answer('ann', 'deny', request_id);
      const shown = (await look(request_id)).body.tool;
      expect(shown).toBe(tool);
      return (facts as Body[]).map(({ text }) => JSON.stringify(text.pieces).replace(tool, '?'));
    };
    expect(await ask('secret')).toEqual(await ask('nowhere'));
    expect(await ask('shop.secret')).toEqual(await ask('nowhere'));
  });

  it('beyond those that may wait, or of a caller who is stopped, is refused', async () => {
    const session_id = await newSession('busy');
    const ask = (n: number) => request({ session_id, tool: 'x', reason: String(n) }, 'busy');
    for (let n = 0; n < 8; n += 1) expect((await ask(n)).status).toBe(201);
    const full = await ask(8);
    expect([full.status, full.body.code]).toEqual([503, 'approval_unavailable']);
    const held = await newSession('stopped');
    const stop = { scope: 'principal', name: 'stopped', reason: 'test' };
    const thrown = await send('op', 'POST', '/v1/kill-switches', stop);
    const refused = await request({ session_id: held, tool: 'x' }, 'stopped');
    expect([refused.status, refused.body.code]).toEqual([403, 'kill_switch']);
    await send('op', 'DELETE', `/v1/kill-switches/${thrown.body.id}`);
  });
});
