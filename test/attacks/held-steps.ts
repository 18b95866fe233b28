import { until } from '../e2e/gateway-process.js';
import { ask } from './admin-steps.js';
import type { BackgroundCall, CaseRun } from './case-run.js';
import { holdById, holdsOf } from './holds.js';
import { type Counters, type HttpStep, note, requestBytes, sendHttp } from './http-step.js';
import { answerHold } from './people-steps.js';
import { type Exchange, exchangeUnless, type HttpResponse, messageOf } from './raw-http.js';
import type { Step } from './steps.js';

/** How often a call that is held is made again: each turn waits as long as the fixture says. */
const mostReturns = 2;
const holdKey = 'io.github.sallyport/hold';

/** Steps about calls that wait for people. */
export const heldSteps: Readonly<Record<string, Step>> = {
  async call_async(run, item, counters) {
    const step = item.http as HttpStep;
    const leaving = new AbortController();
    const exchange = requestBytes(run, step, counters).then((bytes) =>
      exchangeUnless(leaving.signal, run.endpoint, bytes),
    );
    exchange.catch(() => undefined);
    run.pendingCalls.set(run.expand(String(item.call_async), counters), {
      step,
      counters,
      exchange,
      leaving,
    });
  },

  async complete(run, item, counters) {
    const call = pendingCall(run, run.expand(String(item.complete), counters));
    note(run, { exchange: await finalExchange(run, call), counters }, item.save as string | undefined);
  },

  async complete_all(run, _item, counters) {
    const finals = [...run.pendingCalls.values()].map((call) => finalExchange(run, call));
    for (const exchange of await Promise.all(finals)) note(run, { exchange, counters }, undefined);
  },

  /** Nothing shows that the gateway has seen it, but where that ends the hold. */
  async disconnect(run, item, counters) {
    const { exchange, leaving } = pendingCall(run, run.expand(String(item.disconnect), counters));
    leaving.abort();
    await exchange;
    const isOver = async () => (await holdsOf(run, '?state=pending')).length === 0;
    await until('the hold to end', isOver, 1000).catch(() => undefined);
  },

  /** The hold of the case that no step has named yet; the newest, where there are several. */
  async expect_hold(run, item, counters) {
    const { save } = item.expect_hold as { save: string };
    const named = new Set(run.holds.values());
    await until('the call to be held', async () => {
      const waiting = await holdsOf(run, '?state=pending');
      const found = waiting.find(
        ({ id, createdAt }) => !named.has(id) && Date.parse(createdAt) >= run.startedAt,
      );
      if (found !== undefined) run.holds.set(run.expand(save, counters), found.id);
      return found !== undefined;
    });
  },

  async approve(run, item, counters) {
    await answerHold(run, { verdict: 'approve', counters, ...(item.approve as Wish) });
  },

  async deny(run, item, counters) {
    await answerHold(run, { verdict: 'deny', counters, ...(item.deny as Wish) });
  },

  /** One after the other, once every call is held. */
  async approve_all(run, item, counters) {
    const { as, only_first = run.pendingCalls.size } = item.approve_all as {
      as: string;
      only_first?: number;
    };
    let waiting: { id: string }[] = [];
    await until('every call to be held', async () => {
      waiting = await holdsOf(run, '?state=pending');
      return waiting.length === run.pendingCalls.size;
    });
    for (const { id } of waiting.toReversed().slice(0, only_first)) {
      run.holds.set(id, id);
      await answerHold(run, { verdict: 'approve', counters, as, hold: id });
    }
  },

  async hold_cancel(run, item) {
    const { hold } = item.hold_cancel as { hold: string };
    const key = run.expand('{{KEY_B}}');
    await ask(run, { method: 'POST', path: `/v1/approvals/${holdById(run, hold)}/cancel`, key });
  },

  /**
   * Between a yes and the call: `stop` lets nobody wait for the yes, so that nothing is sent before the gateway ends;
   * `pause` takes the place of the rate that the set-up gives the call, so that it waits for its turn.
   */
  async fault(run, item) {
    const { stop, pause_before_forward_ms: pause } = item.fault as Record<string, unknown>;
    if (pause !== undefined) await balanceOf(run);
    else if (stop === 'gateway before forward')
      await Promise.all([...run.pendingCalls.values()].map(({ exchange }) => exchange));
  },
};

interface Wish {
  readonly hold: string;
  readonly as: string;
}

function pendingCall(run: CaseRun, name: string): BackgroundCall {
  const call = run.pendingCalls.get(name);
  if (call === undefined) throw new Error(`no call ${name} was begun`);
  return call;
}

/** The answer of a call; one that is held is made again, as the gateway tells its callers. */
async function finalExchange(run: CaseRun, { step, counters, exchange }: BackgroundCall): Promise<Exchange> {
  let latest = await exchange;
  for (let returns = 0; returns < mostReturns; returns += 1) {
    const next = stepAgain(step, latest.responses.at(-1));
    if (next === undefined) break;
    latest = await sendHttp(run, next, counters);
  }
  return latest;
}

/** The same call once more, with what it was told to bring; undefined where it has its answer. */
function stepAgain(step: HttpStep, response: HttpResponse | undefined): HttpStep | undefined {
  const result = response && (messageOf(response)?.result as Held | undefined);
  if (result?.resultType === 'input_required' && result.requestState !== undefined) {
    const state = JSON.stringify(result.requestState);
    return { ...step, body: step.body?.replace('"_meta":', () => `"requestState":${state},"_meta":`) ?? '' };
  }
  return result?._meta?.[holdKey]?.executed === false ? step : undefined;
}

interface Held {
  readonly resultType?: string;
  readonly requestState?: string;
  readonly _meta?: Readonly<Record<string, { readonly executed?: boolean } | undefined>>;
}

async function balanceOf(run: CaseRun): Promise<void> {
  const counters: Counters = {};
  const params = '{"name":"{{T:pay.balance}}","arguments":{}}';
  const headers: [string, string][] = [
    ['Authorization', 'Bearer {{KEY_A}}'],
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json, text/event-stream'],
    ['MCP-Protocol-Version', '2025-11-25'],
  ];
  const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
  const { responses } = await sendHttp(run, { method: 'POST', path: '/mcp', headers, body }, counters);
  if (responses[0]?.status !== 200) throw new Error(`the place was not taken: ${responses[0]?.body}`);
}
