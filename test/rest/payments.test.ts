import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRestGateway, type Person, type RestGateway } from './rest-gateway.js';
import { openShop, type ShopServer } from './shop-server.js';

let shop: ShopServer;
let gateway: RestGateway;
beforeAll(async () => {
  shop = await openShop([{ name: 'buy' }, { name: 'look' }, { name: 'never' }]);
  const budget = { kind: 'budget', cost: { price: true } };
  gateway = await openRestGateway({
    upstreams: { shop: { url: shop.url } },
    prices: [{ tools: ['buy'], cost: '2' }],
    policy: {
      default: 'allow',
      rules: [
        {
          id: 'daily',
          match: { principals: ['agent'] },
          effect: 'limit',
          limits: [{ ...budget, id: 'daily', max: '10', window: 'day', zone: 'Europe/Berlin' }],
        },
        {
          id: 'by-key',
          match: { tools: ['*'], principals: ['all', 'admin'] },
          effect: 'limit',
          limits: [{ ...budget, id: 'by-key', max: '5', per: ['credential'] }],
        },
        {
          id: 'large',
          match: { tools: ['sallyport.payments'], principals: ['all'] },
          when: 'args.amount > 3.0 && args.currency == "USD"',
          effect: 'limit',
          limits: [{ ...budget, id: 'large', max: '4' }],
        },
        { id: 'never', match: { tools: ['never'] }, effect: 'deny' },
        {
          id: 'others',
          match: { tools: ['buy'] },
          effect: 'limit',
          limits: [
            { ...budget, id: 'bought', max: '0.5', per: ['principal'], cost: { fixed: '0' } },
            { ...budget, id: 'rows', unit: 'rows', max: '1', cost: { fixed: '0' } },
          ],
        },
      ],
    },
  });
});
afterAll(async () => {
  await gateway.close();
  shop.close();
});

async function sessionOf(as: Person): Promise<string> {
  const body = { agent_id: 'bot', scopes: ['admin', 'spend:1000'] };
  return (await gateway.ask('/v1/sessions', { method: 'POST', as, body })).body.session_id;
}

const pay = (as: Person, session_id: string, amount: string) =>
  gateway.ask('/v1/payments/authorize', { method: 'POST', as, body: { session_id, amount } });

it('asked again under its Idempotency-Key is not made twice, nor is a call, when the answer is gone with the process', async () => {
  const session_id = await sessionOf('admin');
  const ask = async (path: string, key: string, body: object) => {
    const headers = { 'Idempotency-Key': key };
    const all = { session_id, ...body };
    const answer = await gateway.ask(path, { method: 'POST', as: 'admin', body: all, headers });
    return { ...answer, told: [answer.status, answer.body.code] };
  };
  const pay = (key: string, amount: string) => ask('/v1/payments/authorize', key, { amount });
  const call = (key: string, tool: string) => ask('/v1/proxy/call', key, { tool });
  const paid = await pay('paid', '1');
  const called = await call('called', 'look');
  const denied = await call('denied', 'never');
  expect([paid.told, called.told, denied.told]).toEqual([
    [200, undefined],
    [200, undefined],
    [403, 'denied'],
  ]);
  await gateway.killAndRestart();
  const paidAgain = await pay('paid', '1');
  expect(paidAgain.told).toEqual([409, 'idempotency_lost']);
  expect(paidAgain.body.authorization_id).toBe(paid.body.authorization_id);
  const calledAgain = await call('called', 'look');
  expect(calledAgain.told).toEqual([409, 'idempotency_lost']);
  expect(calledAgain.body.outcome).toBe('executed');
  expect(shop.ran.filter((name) => name === 'look')).toHaveLength(1);
  expect((await pay('paid', '2')).told).toEqual([422, 'idempotency_mismatch']);
  expect((await call('denied', 'never')).told).toEqual([403, 'denied']);
  const { entries } = (await gateway.ask('/v1/budgets/by-key/ledger', { as: 'auditor' })).body;
  expect(entries.map(({ spent }: { spent: string }) => spent)).toEqual(['0', '1']);
});

it("counts in the caller's budgets of the policy, together with calls and over restarts, whatever the session", async () => {
  const [one, other] = [await sessionOf('agent'), await sessionOf('agent')];
  const paid = await pay('agent', one, '5');
  expect([paid.status, paid.body.remaining_budget]).toEqual([200, '5']);
  const called = await gateway.ask('/v1/proxy/call', {
    method: 'POST',
    as: 'agent',
    body: { tool: 'buy', session_id: other },
  });
  expect(called.status).toBe(200);
  const refused = async () => {
    const { status, body } = await pay('agent', other, '3.01');
    return [status, body.code, body.limit.id, body.limit.left, body.limit.unit];
  };
  const no = [403, 'budget_exhausted', 'daily', '3', 'USD'];
  expect(await refused()).toEqual(no);
  await gateway.killAndRestart();
  expect(await refused()).toEqual(no);
  const { body } = await pay('agent', other, '3.01');
  expect(body.limit.resetsAt).toBeGreaterThan(Date.now());
  expect((await pay('agent', other, '3')).body.remaining_budget).toBe('0');
  const { entries } = (await gateway.ask('/v1/budgets/daily/ledger', { as: 'auditor' })).body;
  expect(entries.map(({ spent }: { spent: string }) => spent)).toEqual(['3', '2', '5']);
});

it('counts in budgets of payments alone, per key, and takes from none where one is used up', async () => {
  const session = await sessionOf('all');
  expect((await pay('all', session, '3.5')).status).toBe(200);
  expect((await pay('all', session, '3.5')).body.limit).toMatchObject({ id: 'by-key', left: '1.5' });
  expect((await pay('all', session, '1.5')).body.remaining_budget).toBe('0');
  const { budgets } = (await gateway.ask('/v1/budgets', { as: 'auditor' })).body;
  const used = (id: string) =>
    budgets.flatMap((one: { budget: string; used: string }) => (one.budget === id ? [one.used] : []));
  expect(used('by-key')).toContain('5');
  expect(used('large')).toEqual(['3.5']);
});

it('of parallel ones no more are authorized than every budget allows', async () => {
  const sessions = await Promise.all([sessionOf('admin'), sessionOf('admin')]);
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => pay('admin', sessions[index % 2] ?? '', '1')),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
});
