import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configInMemory } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import { scratchFolder } from '../e2e/gateway-process.js';
import { openShop, type ShopServer } from '../rest/shop-server.js';

// What is said of a proxy: it allows, denies or has a person approve by the tool, by an argument and by the caller.

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const folder = scratchFolder();
const callers = ['agent', 'intern', 'guest'] as const;
type Caller = (typeof callers)[number];
const tokenOf = (name: string) => `${name}-of-the-test`;
const holdKey = 'io.github.sallyport/hold';
const refusalKey = 'io.github.sallyport/refusal';

let shop: ShopServer;
let gateway: Gateway;
let base = '';

beforeAll(async () => {
  const names = ['read_file', 'write_file', 'delete_file', 'transfer', 'deploy'];
  shop = await openShop(names.map((name) => ({ name })));
  const people = [...callers, 'ann'];
  const config = await configInMemory(
    {
      listen: { port: 0 },
      auth: {
        tokens: people.map((principal) => ({
          principal,
          tokens: [`env:${principal.toUpperCase()}`],
          roles: [principal === 'ann' ? 'approver' : 'agent'],
        })),
      },
      upstreams: { shop: { url: shop.url } },
      approvals: { mode: 'hold' },
      policy: {
        default: 'allow',
        rules: [
          { id: 'tool-ask', match: { tools: ['write_file'] }, effect: 'ask' },
          { id: 'tool-deny', match: { tools: ['delete_file'] }, effect: 'deny' },
          {
            id: 'argument-ask',
            match: { tools: ['transfer'] },
            when: 'args.amount > 100.0',
            effect: 'ask',
          },
          {
            id: 'argument-deny',
            match: { tools: ['transfer'] },
            when: 'args.amount > 10000.0',
            effect: 'deny',
          },
          { id: 'caller-ask', match: { tools: ['deploy'], principals: ['intern'] }, effect: 'ask' },
          { id: 'caller-deny', match: { tools: ['deploy'], principals: ['guest'] }, effect: 'deny' },
        ],
      },
    },
    folder.path,
    { environment: Object.fromEntries(people.map((name) => [name.toUpperCase(), tokenOf(name)])) },
  );
  gateway = await openGateway({ config, log: silent, clock: systemClock, mode: 'serve' });
  base = ((await gateway.start()).url ?? '').replace(/\/mcp$/, '');
});
afterAll(async () => {
  await gateway.stop('test');
  shop.close();
  rmSync(folder.path, { recursive: true, force: true });
});

/** Compared, not trusted. */
type Body = ReturnType<typeof JSON.parse>;

async function post(who: string, path: string, body: object): Promise<Body> {
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${tokenOf(who)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

interface Made {
  readonly who: Caller;
  readonly tool: string;
  readonly args: object;
}

async function call({ who, tool, args }: Made): Promise<Body> {
  const params = { name: tool, arguments: args };
  return (await post(who, '/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params })).result;
}

const ran = () => shop.ran.splice(0);

const file = { path: '/a' };
const amount = (value: number) => ({ amount: value });

it.each([
  ['by the tool', { who: 'agent', tool: 'read_file', args: file }],
  ['by an argument', { who: 'agent', tool: 'transfer', args: amount(50) }],
  ['by the caller', { who: 'agent', tool: 'deploy', args: {} }],
] as const)('a call is allowed %s', async (_what, made) => {
  expect((await call(made)).content[0].text).toBe('done');
  expect(ran()).toEqual([made.tool]);
});

it.each([
  ['by the tool', 'tool-deny', { who: 'agent', tool: 'delete_file', args: file }],
  ['by an argument', 'argument-deny', { who: 'agent', tool: 'transfer', args: amount(20_000) }],
  ['by the caller', 'caller-deny', { who: 'guest', tool: 'deploy', args: {} }],
] as const)('a call is denied %s', async (_what, rule, made) => {
  expect(await call(made)).toMatchObject({
    isError: true,
    _meta: { [refusalKey]: { code: 'denied', status: 403, rule } },
  });
  expect(ran()).toEqual([]);
});

it.each([
  ['by the tool', 'tool-ask', { who: 'agent', tool: 'write_file', args: file }],
  ['by an argument', 'argument-ask', { who: 'agent', tool: 'transfer', args: amount(500) }],
  ['by the caller', 'caller-ask', { who: 'intern', tool: 'deploy', args: {} }],
] as const)('a call needs an approval %s, runs once with it and not without', async (_what, rule, made) => {
  const { id } = (await call(made))._meta[holdKey];
  expect(ran()).toEqual([]);
  const approved = await post('ann', `/v1/approvals/${id}/approve`, {});
  expect(approved).toMatchObject({ state: 'approved', rule, caller: made.who, arguments: made.args });
  expect((await call(made)).content[0].text).toBe('done');
  expect(ran()).toEqual([made.tool]);

  const again = (await call(made))._meta[holdKey];
  expect(again.id).not.toBe(id);
  await post('ann', `/v1/approvals/${again.id}/deny`, {});
  expect((await call(made))._meta[refusalKey].code).toBe('approval_denied');
  expect(ran()).toEqual([]);
});
