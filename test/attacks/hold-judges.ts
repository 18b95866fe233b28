import { readFileSync } from 'node:fs';
import type { CaseRun } from './case-run.js';
import { holdNow, holdsOf } from './holds.js';
import type { Judge } from './judge.js';

interface HoldState {
  readonly hold: string;
  readonly state?: string;
  readonly state_in?: readonly string[];
}

/** Expectations about holds, and about what was done because of them. */
export const holdJudges: Readonly<Record<string, Judge>> = {
  async hold_state(run, { hold, state, state_in = [] }: HoldState) {
    const wanted = [...(state === undefined ? [] : [state]), ...state_in];
    const found = await holdNow(run, hold);
    return wanted.includes(found.state)
      ? undefined
      : `the hold is ${found.state}, not ${wanted.join(' or ')}`;
  },

  async each_hold_has_one_final_decision(run) {
    const records = await run.fixture.gateway.audit();
    for (const [name, id] of run.holds) {
      const { state } = await holdNow(run, name);
      const decided = records.filter(
        ({ type, hold }) => hold === id && (type === 'hold.approved' || type === 'hold.denied'),
      );
      const taken = run.decisions.filter(({ hold, status }) => hold === id && status === 200);
      if (decided.length !== 1 || taken.length !== 1)
        return `${name} has ${decided.length} decisions on record, and ${taken.length} were taken`;
      const isDenied = decided[0]?.type === 'hold.denied';
      if (isDenied !== (taken[0]?.verdict === 'deny') || isDenied !== (state === 'denied'))
        return `${name} is ${state}, on record as ${decided[0]?.type}, and was answered ${taken[0]?.verdict}`;
    }
    return run.holds.size > 0 ? undefined : 'nothing was held';
  },

  async executed_only_if_final_is_approved(run) {
    const holds = await Promise.all([...run.holds.keys()].map((name) => holdNow(run, name)));
    const approved = holds.filter(({ state }) => state === 'used' || state === 'approved').length;
    const calls = run.received('*').filter(({ method }) => method === 'tools/call').length;
    return calls === approved ? undefined : `${calls} calls were made, and ${approved} were approved`;
  },

  async pending_holds_at_most(run, { caller, value }: { caller: string; value: number }) {
    const waiting = await holdsOf(run, `?state=pending&caller=${caller}&limit=1000`);
    return waiting.length <= value ? undefined : `${waiting.length} calls of ${caller} wait`;
  },

  upstream_args_never(run, { upstream, tool, path, value }: NeverSent) {
    const calls = run
      .received(upstream)
      .filter((call) => call.method === 'tools/call' && (tool === '*' || call.tool === tool));
    const found = calls.find(({ args }) => (args as Record<string, unknown> | undefined)?.[path] === value);
    return found && `${upstream}.${tool} got ${path} ${JSON.stringify(value)}`;
  },

  async spent_at_most(run, { value }: { value: string }) {
    const spent = await spentOf(run);
    return Number(spent) <= Number(value) ? undefined : `${spent} was spent, more than ${value}`;
  },

  async spent_equals(run, { value, value_in = [] }: { value?: string; value_in?: string[] }) {
    const wanted = [...(value === undefined ? [] : [value]), ...value_in];
    const spent = await spentOf(run);
    return wanted.includes(spent) ? undefined : `${spent} was spent, not ${wanted.join(' or ')}`;
  },

  documented(_run, what: string) {
    const [file, sentence] = documents[what] ?? [];
    if (file === undefined || sentence === undefined) return `nothing is known to say ${what}`;
    const text = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
    return text.includes(sentence) ? undefined : `docs/${file} does not say: ${sentence}`;
  },
};

interface NeverSent {
  readonly upstream: string;
  readonly tool: string;
  readonly path: string;
  readonly value: unknown;
}

/** Where the documentation says what the corpus wants said. */
const documents: Readonly<Record<string, readonly [file: string, sentence: string]>> = {
  'detached execution': ['approvals.md', 'with `execute` the gateway runs it'],
  'whether a failed call is charged': [
    'limits.md',
    'it is given back if the call provably never left, and after the errors in `refundOn`',
  ],
};

/** The one budget of the fixture, as the ledger has it. */
async function spentOf(run: CaseRun): Promise<string> {
  const response = await fetch(`http://${run.expand('{{HOST}}')}/v1/budgets`, {
    headers: { authorization: `Bearer ${run.fixture.credentialOf('auditor-1')}` },
  });
  const { budgets } = (await response.json()) as { budgets: { budget: string; used: string }[] };
  const [found, ...others] = budgets.filter(({ budget }) => budget === 'agent-a-pay-daily');
  if (found === undefined || others.length > 0)
    throw new Error(`one budget was expected: ${JSON.stringify(budgets)}`);
  return found.used;
}
