import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRestGateway, type Person, type RestGateway } from './rest-gateway.js';
import { openShop, type ShopServer } from './shop-server.js';

let shop: ShopServer;
let gateway: RestGateway;

beforeAll(async () => {
  shop = await openShop([
    { name: 'look' },
    { name: 'fail', answer: { content: [], isError: true } },
    { name: 'break', answer: { code: -32000, message: 'out of order' } },
    { name: 'free' },
    { name: 'never' },
  ]);
  gateway = await openRestGateway({
    upstreams: { shop: { url: shop.url } },
    prices: [
      { tools: ['look', 'never'], cost: '1' },
      { tools: ['fail', 'break'], cost: '0.25' },
    ],
    policy: { default: 'allow', rules: [{ id: 'no', match: { tools: ['never'] }, effect: 'deny' }] },
  });
});
afterAll(async () => {
  await gateway.close();
  shop.close();
});

async function open(as: Person, scopes: readonly string[]): Promise<string> {
  const body = { agent_id: `bot-of-${as}`, scopes };
  return (await gateway.ask('/v1/sessions', { method: 'POST', as, body })).body.session_id;
}

const call = (session_id: string, tool: string) =>
  gateway.ask('/v1/proxy/call', { method: 'POST', as: 'agent', body: { tool, session_id } });

const spend = async (query = '') => (await gateway.ask(`/v1/audit/spend${query}`, { as: 'auditor' })).body;

it('what calls cost adds up whether a budget counts it or not, and so do payments', async () => {
  const [poor, rich] = [await open('agent', ['execute']), await open('agent', ['execute', 'spend:50'])];
  for (const tool of ['look', 'fail', 'break', 'free', 'never']) await call(poor, tool);
  expect(await spend()).toEqual({ total_usd: 1.25, action_count: 2, by_tool: { look: 1, fail: 0.25 } });
  await call(rich, 'look');
  const body = { session_id: rich, amount: 5 };
  expect((await gateway.ask('/v1/payments/authorize', { method: 'POST', as: 'agent', body })).status).toBe(
    200,
  );
  const ofRich = { total_usd: 6, action_count: 2, by_tool: { 'sallyport.payments': 5, look: 1 } };
  expect(await spend(`?session_id=${rich}`)).toEqual(ofRich);
  expect((await spend('?agent_id=bot-of-agent')).total_usd).toBe(7.25);
  expect((await spend('?since=2100-01-01T00:00:00Z')).total_usd).toBe(0);
  const { entries } = (await gateway.ask('/v1/audit', { as: 'auditor' })).body;
  expect(entries.map(({ tool, cost_usd }: { tool: string; cost_usd: number }) => [tool, cost_usd])).toEqual([
    ['look', 1],
    ['never', 0],
    ['free', 0],
    ['break', 0],
    ['fail', 0.25],
    ['look', 1],
  ]);
});

it('the price is in the record of the decision, and in that of the end what it came to', async () => {
  const session = await open('agent', ['execute']);
  for (const tool of ['break', 'free']) await call(session, tool);
  const { records } = (await gateway.ask('/v1/audit/records?limit=4', { as: 'auditor' })).body;
  const told = records.map(({ type, price }: { type: string; price?: string }) => [type, price]);
  expect(told.filter(([type]: string[]) => type?.startsWith('call.'))).toEqual([
    ['call.outcome', undefined],
    ['call.decided', undefined],
    ['call.outcome', '0'],
    ['call.decided', '0.25'],
  ]);
});
