import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './admin-steps.js';
import type { CaseRun } from './case-run.js';
import type { Item } from './corpus.js';
import { addedRules } from './fixture-policy.js';
import type { Config } from './gateway.js';
import type { Step } from './steps.js';

interface Admin {
  readonly op: string;
  readonly caller?: string;
  readonly rule?: string;
  readonly upstream?: string;
  readonly args?: readonly string[];
  readonly command?: string;
  readonly save?: string;
  readonly as?: string;
  readonly body?: string;
  readonly url?: string;
  readonly to?: string;
  readonly user?: string;
  readonly group?: string;
}

/** Steps of people: those who run the gateway, and those who look at holds. */
export const operatorSteps: Readonly<Record<string, Step>> = {
  async admin(run, item) {
    const admin = item.admin as Admin;
    const act = operations[admin.op];
    if (act === undefined) throw new Error(`the harness cannot ${admin.op}`);
    await act(run, admin);
  },

  async kill(run) {
    await run.fixture.gateway.kill();
  },

  /** A program behind the gateway is started by it: its arguments have changed. */
  async restart(run, item) {
    const [who, upstream = ''] = (item.restart as { who: string }).who.split(':');
    if (who === 'gateway') return run.fixture.gateway.restart();
    const hasListed = () => run.received(upstream).some(({ method }) => method === 'tools/list');
    for (
      const deadline = Date.now() + 20_000;
      run.spawnsOf(upstream) === 0 || !hasListed();
      await sleep(20)
    ) {
      if (Date.now() > deadline) throw new Error(`${upstream} was not started`);
    }
    // The list is on its way to the gateway.
    await sleep(250);
  },
};

const operations: Readonly<Record<string, (run: CaseRun, admin: Admin) => Promise<void>>> = {
  revoke_key: (run, { caller = '' }) => run.fixture.gateway.revokeKeyOf(caller),

  async set_policy(run) {
    const body = '{"name":"open","rules":[{"id":"all","match":{"tools":["*:*"]},"effect":"allow"}]}';
    const exchange = await ask(run, {
      method: 'POST',
      path: '/v1/policies',
      key: run.fixture.credentialOf('approver-1'),
      body,
    });
    run.answered.push({ exchange, counters: {} });
  },

  async test_upstream(run, { command = '', args = [] }) {
    const body = JSON.stringify({ id: 'shell', command, args });
    const key = run.fixture.credentialOf('admin-1');
    const exchange = await ask(run, { method: 'POST', path: '/v1/upstreams', key, body });
    run.answered.push({ exchange, counters: {} });
  },

  /** What is made is asked at once; what is refused is not made. */
  async connect_upstream(run, { save }) {
    const key = run.fixture.credentialOf('admin-1');
    const body = JSON.stringify({ id: 'named', url: run.namedUrl });
    const made = await ask(run, { method: 'POST', path: '/v1/upstreams', key, body });
    const tried = await ask(run, { method: 'POST', path: '/v1/upstreams/named/test', key });
    const answers = [made, tried].map((exchange) => ({ exchange, counters: {} }));
    run.answered.push(...answers);
    if (save !== undefined) run.dumps.set(save, answers.map(({ exchange }) => exchange.text).join('\n'));
  },

  append_rule: (run, { rule = '' }) =>
    run.fixture.gateway.reconfigure((config) => withRules(config, (rules) => [...rules, ruleOf(rule)])),

  prepend_rule: (run, { rule = '' }) =>
    run.fixture.gateway.reconfigure((config) =>
      withRules(config, (rules) => [ruleOf(rule, '-first'), ...rules]),
    ),

  set_upstream_args: (run, { upstream = '', args = [] }) =>
    run.fixture.gateway.reconfigure((config) => {
      return withUpstream(config, upstream, { args: [...(config.upstreams[upstream]?.args ?? []), ...args] });
    }),

  set_upstream_url: (run, { upstream = '', to = '' }) =>
    run.fixture.gateway.reconfigure((config) => {
      const { url } = config.upstreams[to.replace('upstream:', '')] ?? {};
      return withUpstream(config, upstream, { url });
    }),

  remove_from_group: (run, { user, group }) =>
    run.fixture.gateway.reconfigure((config) => {
      const tokens = config.auth.tokens.map((one) =>
        one.principal === user && one.labels?.groups === group ? { ...one, labels: {} } : one,
      );
      return { ...config, auth: { ...config.auth, tokens } };
    }),

  /** Nobody changes themselves here: what could be taken for it is asked with the body, as anybody and as administrator. */
  async update_self(run, { as = '', body = '{}' }) {
    const own = `/v1/keys/${await keyIdOf(run, 'admin-1')}`;
    const person = `/v1/principals/${as}`;
    const asked = [
      ...['PUT', 'PATCH', 'POST'].map((method) => ({ method, path: person, as })),
      ...['PUT', 'PATCH'].map((method) => ({ method, path: own, as })),
      { method: 'POST', path: '/v1/keys', as },
      { method: 'POST', path: `${own}/rotate`, as },
      { method: 'PATCH', path: person, as: 'admin-1' },
      { method: 'POST', path: '/v1/keys', as: 'admin-1' },
      { method: 'POST', path: `${own}/rotate`, as: 'admin-1' },
    ];
    await mustRefuse(run, asked, body);
  },

  async delete_user(run, { as = '', user = '' }) {
    const path = `/v1/keys/${await keyIdOf(run, user)}`;
    const exchange = await ask(run, { method: 'DELETE', path, key: run.fixture.credentialOf(as) });
    run.answered.push({ exchange, counters: {} });
  },

  /** Where people are told stands in the file; whatever could be taken for its door is tried, without effect. */
  async set_webhook(run, { as = '', url = '', save }) {
    const channel = { kind: 'webhook', url: run.expand(url), secret: 'env:SECRET_PAY' };
    const body = JSON.stringify({ approvals: { channels: [channel] }, ...channel });
    const paths = ['/v1/config', '/v1/approvals/channels', '/v1/channels', '/v1/webhooks', '/v1/approvals'];
    const asked = paths.flatMap((path) => ['POST', 'PUT', 'PATCH'].map((method) => ({ method, path, as })));
    const texts = await mustRefuse(run, asked, body);
    if (save !== undefined) run.dumps.set(save, texts.join('\n'));
  },
};

interface Asking {
  readonly method: string;
  readonly path: string;
  readonly as: string;
}

/** Asks one after the other; none of it may be taken. Resolves with the answers. */
async function mustRefuse(run: CaseRun, asked: readonly Asking[], body: string): Promise<string[]> {
  const texts: string[] = [];
  for (const { method, path, as } of asked) {
    const exchange = await ask(run, { method, path, key: run.fixture.credentialOf(as), body });
    run.answered.push({ exchange, counters: {} });
    texts.push(exchange.text);
    const status = exchange.responses[0]?.status ?? 0;
    if (status < 400) throw new Error(`${method} ${path} as ${as} was answered ${status}`);
  }
  return texts;
}

async function keyIdOf(run: CaseRun, principal: string): Promise<string> {
  const { responses } = await ask(run, {
    method: 'GET',
    path: '/v1/keys?limit=1000',
    key: run.fixture.credentialOf('auditor-1'),
  });
  const { keys } = JSON.parse(responses[0]?.body ?? '{}') as { keys: { id: string; principal: string }[] };
  const found = keys.find((key) => key.principal === principal);
  if (found === undefined) throw new Error(`${principal} has no key`);
  return found.id;
}

function withUpstream(config: Config, id: string, change: object): Config {
  return { ...config, upstreams: { ...config.upstreams, [id]: { ...config.upstreams[id], ...change } } };
}

/** Whether the harness can do what a step of an administrator says. */
export function canOperate(item: Item): boolean {
  return Object.hasOwn(operations, (item.admin as Admin).op);
}

function withRules(config: Config, change: (rules: readonly unknown[]) => readonly unknown[]): Config {
  return { ...config, policy: { ...config.policy, rules: change(config.policy.rules) } };
}

/** The same rule may be added twice, and each needs an id of its own. */
function ruleOf(text: string, suffix = ''): unknown {
  const rule = addedRules[text];
  if (rule === undefined) throw new Error(`no rule of ours says: ${text}`);
  return { ...rule, id: `${rule.id}${suffix}` };
}
