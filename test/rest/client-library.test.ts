import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  BudgetExhausted,
  type PolicyDraft,
  SallyportClient,
  SallyportError,
  SessionInvalid,
} from '../../packages/client/src/index.js';
import { openRestGateway, type RestGateway, tokenOf } from './rest-gateway.js';

let gateway: RestGateway;
let client: SallyportClient;

beforeAll(async () => {
  const limit = {
    kind: 'budget',
    id: 'daily',
    max: '12.5',
    unit: 'USD',
    window: 'day',
    cost: { fixed: '1' },
  };
  const rules = [{ id: 'money', match: { methods: ['tools/call'] }, effect: 'limit', limits: [limit] }];
  gateway = await openRestGateway({ policy: { default: 'allow', rules } });
  client = new SallyportClient({ baseUrl: gateway.url, token: tokenOf('all') });
});
afterAll(() => gateway.close());

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it('keys are made, replaced and revoked through the client', async () => {
  const made = await client.keys.create({ principal: 'bot', roles: ['agent'] });
  const next = await client.keys.rotate(made.id, { overlap_seconds: 0 });
  const texts = [made, next].map(({ key }) => new SallyportClient({ baseUrl: gateway.url, token: key }));
  const answers = await Promise.all(
    texts.map((one) => one.createSession({ agent_id: 'bot' }).then(({ agent_id }) => agent_id, String)),
  );
  expect(answers[0]).toContain('not_authenticated');
  expect(answers[1]).toBe('bot');
  await client.keys.revoke(next.id);
  const listed = (await all(client.keys.list())).filter(({ principal }) => principal === 'bot');
  expect(listed.map(({ id }) => id).sort()).toEqual([made.id, next.id].sort());
  await expect(client.keys.revoke('nosuchkey')).rejects.toBeInstanceOf(SallyportError);
});

it('a change whose answer is lost is done when it is sent again', async () => {
  let toLose = 0;
  const losing: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    toLose -= 1;
    if (toLose === 0) throw new TypeError('fetch failed');
    return response;
  };
  const { policies } = new SallyportClient({ baseUrl: gateway.url, token: tokenOf('all'), fetch: losing });
  const denying = (id: string): PolicyDraft => ({
    rules: [{ id, match: { methods: ['tools/call'] }, effect: 'deny' }],
  });
  const [one, two] = [denying('one'), denying('two')];
  const first = await policies.put('lossy', one);
  toLose = 1;
  const second = await policies.put('lossy', two, { ifRevision: first.revision });
  expect(second.version).toBe(2);
  const late = policies.put('lossy', one, { ifRevision: first.revision });
  await expect(late).rejects.toMatchObject({ code: 'precondition_failed' });
  toLose = 1;
  await policies.remove('lossy', { ifRevision: second.revision });
  const versions = await all(policies.history('lossy'));
  expect(versions.map(({ version, removed }) => [version, removed])).toEqual([
    [3, true],
    [2, undefined],
    [1, undefined],
  ]);
  await expect(policies.remove('lossy')).rejects.toMatchObject({ code: 'not_found' });
});

it('who said no to a payment is told by class, with what is left', async () => {
  const asking = new SallyportClient({ baseUrl: gateway.url, token: tokenOf('agent') });
  const { session_id } = await asking.createSession({ agent_id: 'bot', scopes: ['spend:2'] });
  const pay = (token: string, amount: string) =>
    asking.rest
      .ask('post', '/v1/payments/authorize', { body: { session_id: token, amount } })
      .catch((cause: unknown) => cause);
  const refused = await pay(session_id, '3');
  expect(refused).toBeInstanceOf(BudgetExhausted);
  expect(refused).toMatchObject({ limit: { left: '2', max: '2', unit: 'USD' } });
  expect(await pay(`ses_${'x'.repeat(32)}`, '1')).toBeInstanceOf(SessionInvalid);
});

it('what has no entries yet is an empty list, and no error', async () => {
  expect(await all(client.budgets.list())).toEqual([]);
  expect(await all(client.budgets.ledger('daily'))).toEqual([]);
  expect(await all(client.approvals.list({ state: 'pending' }))).toEqual([]);
  expect(await all(client.policies.list())).toHaveLength(1);
});

it('an agent asks beforehand, and either id of what it asked is looked up', async () => {
  const asking = new SallyportClient({ baseUrl: gateway.url, token: tokenOf('agent') });
  const { session_id } = await asking.createSession({ agent_id: 'bot' });
  const { request_id } = await asking.approvals.request({ session_id, tool: 'ship', reason: 'release' });
  expect(request_id).toMatch(/^apr_/);
  const found = await asking.approvals.get(request_id);
  expect(found).toMatchObject({ state: 'pending', target: 'ship', asked: { reason: 'release' } });
  const answered = await client.approvals.deny(request_id, { note: 'not today' });
  expect([answered.id, answered.state]).toEqual([found.id, 'denied']);
});
