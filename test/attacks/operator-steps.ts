import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './admin-steps.js';
import type { CaseRun } from './case-run.js';
import type { Item } from './corpus.js';
import { addedRules } from './fixture-policy.js';
import type { Config } from './gateway.js';
import type { Step } from './steps.js';

/** A hold as the approval API shows it, as far as the corpus asks. */
export interface ShownHold {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
  readonly arguments: unknown;
}

interface Admin {
  readonly op: string;
  readonly caller?: string;
  readonly rule?: string;
  readonly upstream?: string;
  readonly args?: readonly string[];
  readonly command?: string;
  readonly save?: string;
}

/** Steps of people: those who run the gateway, and those who look at holds. */
export const operatorSteps: Readonly<Record<string, Step>> = {
  async admin(run, item) {
    const admin = item.admin as Admin;
    const act = operations[admin.op];
    if (act === undefined) throw new Error(`the harness cannot ${admin.op}`);
    await act(run, admin);
  },

  /** Waits until the call is held; the newest hold that is pending is its. */
  async expect_hold(run, item) {
    const { save } = item.expect_hold as { save: string };
    for (const deadline = Date.now() + 5000; Date.now() < deadline; await sleep(20)) {
      const [newest] = await holdsOf(run, '?state=pending');
      if (newest === undefined) continue;
      run.holds.set(save, newest.id);
      return;
    }
    throw new Error('the call was not held');
  },

  async hold_cancel(run, item) {
    const { hold } = item.hold_cancel as { hold: string };
    const path = `/v1/approvals/${run.holds.get(hold)}/cancel`;
    const response = await fetch(`http://${run.expand('{{HOST}}')}${path}`, {
      method: 'POST',
      headers: { authorization: run.expand('Bearer {{KEY_B}}') },
    });
    await response.body?.cancel();
  },

  async kill(run) {
    await run.fixture.gateway.kill();
  },

  /** The gateway starts it by itself: its arguments have changed. */
  async restart(run, item) {
    const [, upstream = ''] = (item.restart as { who: string }).who.split(':');
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
      key: run.fixture.approverKey,
      body,
    });
    run.answered.push({ exchange, counters: {} });
  },

  async test_upstream(run, { command = '', args = [] }) {
    const body = JSON.stringify({ id: 'shell', command, args });
    const { adminKey: key } = run.fixture;
    const exchange = await ask(run, { method: 'POST', path: '/v1/upstreams', key, body });
    run.answered.push({ exchange, counters: {} });
  },

  /** What is made is asked at once; what is refused is not made. */
  async connect_upstream(run, { save }) {
    const { adminKey: key } = run.fixture;
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
      const before = config.upstreams[upstream];
      const changed = { ...before, args: [...(before?.args ?? []), ...args] };
      return { ...config, upstreams: { ...config.upstreams, [upstream]: changed } };
    }),
};

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

/** Holds as an approver sees them, newest first. */
export async function holdsOf(run: CaseRun, query: string): Promise<ShownHold[]> {
  const response = await fetch(`http://${run.expand('{{HOST}}')}/v1/approvals${query}`, {
    headers: { authorization: `Bearer ${run.fixture.approverKey}` },
  });
  const { approvals } = (await response.json()) as { approvals: ShownHold[] };
  return approvals;
}
