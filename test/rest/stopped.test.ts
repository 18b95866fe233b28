import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRestGateway, type Person, type RestGateway } from './rest-gateway.js';

let gateway: RestGateway;
beforeAll(async () => {
  gateway = await openRestGateway();
});
afterAll(() => gateway.close());

async function stop(name: string): Promise<string> {
  const body = { scope: 'principal', name, reason: 'It ran wild.' };
  const { body: thrown } = await gateway.ask('/v1/kill-switches', { method: 'POST', as: 'operator', body });
  return thrown.id as string;
}

const codeOf = async (path: string, as: Person, body?: object) => {
  const answer = await gateway.ask(path, { as, ...(body === undefined ? {} : { method: 'POST', body }) });
  return [answer.status, answer.body.code];
};

it('an agent that is stopped takes no money of its session, and is told why it sees no tools', async () => {
  const made = { agent_id: 'bot', scopes: ['spend:10'] };
  const { session_id } = (await gateway.ask('/v1/sessions', { method: 'POST', as: 'agent', body: made }))
    .body;
  const payment = { session_id, amount: '1' };
  const id = await stop('agent');
  expect(await codeOf('/v1/payments/authorize', 'agent', payment)).toEqual([403, 'kill_switch']);
  expect(await codeOf('/v1/tools', 'agent')).toEqual([403, 'kill_switch']);
  const records = await gateway.ask('/v1/audit/records?type=payment.refused', { as: 'auditor' });
  expect(records.body.records).toMatchObject([{ code: 'kill_switch' }]);
  await gateway.ask(`/v1/kill-switches/${id}`, { method: 'DELETE', as: 'operator' });
  expect(await codeOf('/v1/payments/authorize', 'agent', payment)).toEqual([200, undefined]);
});

it('an admin who is stopped changes nothing, so makes no key to go on with, and may look', async () => {
  const id = await stop('admin');
  expect(await codeOf('/v1/keys', 'admin', { principal: 'other', roles: ['admin'] })).toEqual([
    403,
    'forbidden',
  ]);
  const lift = await gateway.ask(`/v1/kill-switches/${id}`, { method: 'DELETE', as: 'admin' });
  expect([lift.status, lift.body.code]).toEqual([403, 'forbidden']);
  expect(await codeOf('/v1/keys', 'admin')).toEqual([200, undefined]);
  await gateway.ask(`/v1/kill-switches/${id}`, { method: 'DELETE', as: 'operator' });
  expect(await codeOf('/v1/keys', 'admin', { principal: 'other' })).toEqual([201, undefined]);
});
