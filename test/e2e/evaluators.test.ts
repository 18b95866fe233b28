import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../packages/gateway/src/app/config/load-config.js';
import { type Gateway, openGateway } from '../../packages/gateway/src/app/gateway.js';
import { systemClock } from '../../packages/gateway/src/lib/clock.js';
import type { JsonObject } from '../../packages/gateway/src/model/json.js';
import { modernServer } from './faithful-servers.js';
import { root, scratchFolder } from './gateway-process.js';
import { modernClient, type RawClient } from './raw-client.js';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const names = [
  'stripe_refund',
  'send_money',
  'slack_send_message',
  'github_create_issue',
  'github_close_issue',
];

async function paymentServer(): Promise<string> {
  const inputSchema = {
    type: 'object',
    properties: { amount: { type: 'number' }, text: { type: 'string' } },
  };
  const tools = names.map((name) => ({ name, inputSchema }));
  const ran = { content: [{ type: 'text', text: 'it ran' }] };
  const server = await modernServer({
    results: { 'tools/list': { tools, ttlMs: 0, cacheScope: 'private' } },
    tools: Object.fromEntries(names.map((name) => [name, ran])),
  });
  ends.push(() => server.stop());
  return server.url;
}

interface House {
  readonly gateway: Gateway;
  readonly client: RawClient;
  readonly folder: string;
  readonly server: string;
  reload(): Promise<void>;
  /** Whether the call ran. */
  ran(name: string, args?: object): Promise<boolean>;
  decisions(): Promise<JsonObject[]>;
}

/** A gateway of the configuration file that `write` puts into a folder. */
async function houseOf(write: (folder: string, server: string) => string): Promise<House> {
  const scratch = scratchFolder();
  ends.push(scratch.remove);
  const server = await paymentServer();
  const file = write(scratch.path, server);
  const environment = { KEY: 'evaluator-key-0001' };
  const load = () => loadConfig({ file, cwd: scratch.path, environment, port: 0 });
  const gateway = await openGateway({
    config: await load(),
    log: silent,
    clock: systemClock,
    mode: 'serve',
  });
  const { url } = await gateway.start();
  ends.push(() => gateway.stop('done'));
  const client = modernClient(`${url}/mcp`, { Authorization: `Bearer ${environment.KEY}` });
  return {
    gateway,
    client,
    folder: scratch.path,
    server,
    reload: async () => gateway.reload(await load()),
    async ran(name, args = {}) {
      const answer = await client.request('tools/call', { name, arguments: args });
      return JSON.stringify(answer).includes('it ran');
    },
    async decisions() {
      await gateway.store.journal.drained();
      const records = await gateway.store.records.query({ limit: 1000, order: 'asc' });
      return records.map(({ record }) => record).filter(({ type }) => type === 'call.decided');
    },
  };
}

const auth = { tokens: [{ principal: 'agent-a', tokens: ['env:KEY'] }] };

function yamlWith(config: object): (folder: string, server: string) => string {
  return (folder, server) => {
    const file = join(folder, 'sallyport.config.yaml');
    writeFileSync(file, JSON.stringify({ auth, upstreams: { pay: { url: server } }, ...config }));
    return file;
  };
}

/** The example of this repository, before its own server and caller. */
function exampleInCode(folder: string, server: string): string {
  const file = join(folder, 'sallyport.config.ts');
  const text = readFileSync(join(root, 'examples/evaluators/sallyport.config.ts'), 'utf8');
  const upstreams = `upstreams: { pay: { url: ${JSON.stringify(server)} } }, auth: ${JSON.stringify(auth)}, approvals: { mode: 'hold' },`;
  writeFileSync(file, text.replace(/upstreams: .*\n/, `${upstreams}\n`));
  return file;
}

describe('from a configuration file through the listener', () => {
  it('the risk rule and the custom evaluator of seed 001, in TypeScript, decide and are on record', async () => {
    const house = await houseOf(exampleInCode);
    expect(await house.ran('stripe_refund', { amount: 50 })).toBe(true);
    expect(await house.ran('stripe_refund', { amount: 500 })).toBe(false);
    expect(await house.ran('stripe_refund')).toBe(false);
    expect(await house.ran('send_money', { amount: 10_000 })).toBe(true);
    expect(await house.ran('send_money', { amount: 10_001 })).toBe(false);
    const decided = await house.decisions();
    expect(decided).toHaveLength(5);
    expect(decided[1]).toMatchObject({
      effect: 'ask',
      policy: { evaluator: 'risk' },
      evaluators: [
        {
          name: 'risk',
          effect: 'ask',
          findings: { score: 30, wave: 4, contributions: [{ rule: 'high_value_refund', score: 30 }] },
        },
        { name: 'large-transfers', effect: 'allow' },
      ],
    });
    expect(decided[4]).toMatchObject({ policy: { evaluator: 'large-transfers' } });
  });

  it('the allow list of seed 001 allows and lists its two tools', async () => {
    const tools = ['slack_send_message', 'github_create_issue'];
    const house = await houseOf(yamlWith({ evaluators: [{ name: 'tools', kind: 'allow-list', tools }] }));
    expect(await house.ran('slack_send_message', { text: 'hi' })).toBe(true);
    expect(await house.ran('github_close_issue')).toBe(false);
    const listed = (await house.client.request('tools/list')).tools as { name: string }[];
    expect(listed.map(({ name }) => name).sort()).toEqual(tools.toSorted());
  });

  it('Cedar policies of a file decide, and a reload with other policies changes the revision', async () => {
    const permit = 'permit (principal, action, resource == Tool::"pay/send_money");';
    const house = await houseOf((folder, server) => {
      mkdirSync(join(folder, 'policies'));
      writeFileSync(join(folder, 'policies/main.cedar'), permit);
      const cedar = { name: 'cedar', kind: 'cedar', policies: ['policies/main.cedar'] };
      return yamlWith({ evaluators: [cedar] })(folder, server);
    });
    expect(await house.ran('send_money', { amount: 1 })).toBe(true);
    expect(await house.ran('stripe_refund', { amount: 1 })).toBe(false);
    writeFileSync(join(house.folder, 'policies/main.cedar'), permit.replace('send_money', 'stripe_refund'));
    await house.reload();
    expect(await house.ran('send_money', { amount: 1 })).toBe(false);
    const revisions = (await house.decisions()).map(({ policy }) => (policy as JsonObject).rev);
    expect(revisions[1]).toBe(revisions[0]);
    expect(revisions[2]).not.toBe(revisions[0]);
    writeFileSync(join(house.folder, 'policies/main.cedar'), 'permit (');
    await expect(house.reload()).rejects.toThrow('evaluators[0].policies[0]');
    expect(await house.ran('stripe_refund', { amount: 1 })).toBe(true);
  });

  it('an evaluator that fails denies once and on record, and one on trial changes nothing', async () => {
    const dead = { kind: 'opa', url: 'http://127.0.0.1:9', path: 'a/b' };
    const rules = [{ id: 'all', effect: 'allow' }];
    const house = await houseOf(yamlWith({ policy: { rules }, evaluators: [{ name: 'opa', ...dead }] }));
    expect(await house.ran('send_money', { amount: 1 })).toBe(false);
    expect(await house.decisions()).toMatchObject([
      { code: 'denied', policy: { evaluator: 'opa' }, evaluators: [{ name: 'opa', effect: 'fault' }] },
    ]);
    const trial = { name: 'opa', ...dead, shadow: true };
    yamlWith({ policy: { rules }, evaluators: [trial] })(house.folder, house.server);
    await house.reload();
    expect(await house.ran('send_money', { amount: 1 })).toBe(true);
    expect((await house.decisions())[1]).toMatchObject({
      evaluators: [{ name: 'opa', effect: 'fault', shadow: true }],
      shadow: { effect: 'deny', verdicts: [{ by: 'opa', effect: 'fault' }] },
    });
  });
});
