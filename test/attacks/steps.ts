import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../e2e/gateway-process.js';
import { canGoThrough, goThrough } from './admin-steps.js';
import type { CaseRun } from './case-run.js';
import { type Item, kindOf } from './corpus.js';
import { heldSteps } from './held-steps.js';
import { type Counters, type HttpStep, note, requestBytes, sendHttp } from './http-step.js';
import { openStream } from './open-connections.js';
import { canOperate, operatorSteps } from './operator-steps.js';
import { pageSteps } from './page-steps.js';
import { pressureSteps } from './pressure-steps.js';
import { exchangeAll } from './raw-http.js';
import { signInSteps } from './sign-in-steps.js';
import { startSteps } from './start-steps.js';
import { terminalSteps } from './terminal-steps.js';

/** What a kind of step does. */
export type Step = (run: CaseRun, item: Item, counters: Counters) => Promise<void>;

interface RawStep {
  readonly text: string;
  readonly parts?: Readonly<Record<string, string>>;
  readonly save?: string;
}

/** What each kind of step of the corpus does; a kind that is not here cannot be run. */
const steps: Readonly<Record<string, Step>> = {
  async http(run, item, counters) {
    const step = item.http as HttpStep;
    note(run, { exchange: await sendHttp(run, step, counters), counters }, step.save);
  },

  async raw_tcp(run, item, counters) {
    const step = item.raw_tcp as RawStep;
    note(run, { exchange: await exchangeAll(run.endpoint, rawBytes(run, step)), counters }, step.save);
  },

  /** Whoever waits for open streams to end need not wait longer than they last. */
  async wait_ms(run, item) {
    const streams = [...run.streams.values()].map(({ ended }) => ended);
    const waits: Promise<unknown>[] = [sleep(Number(item.wait_ms))];
    if (streams.length > 0) waits.push(Promise.all(streams));
    await Promise.race(waits);
  },

  async parallel_n(run, item, counters) {
    const turns = Array.from({ length: Number(item.parallel_n) }, (_, index) => String(index + 1));
    await Promise.all(turns.map((i) => runSteps(run, item.steps as Item[], { ...counters, i })));
  },

  async repeat(run, item, counters) {
    for (let i = 1; i <= Number(item.repeat); i += 1) {
      await runSteps(run, item.steps as Item[], { ...counters, i: String(i) });
    }
  },

  async parallel(run, item, counters) {
    await Promise.all((item.parallel as Item[]).map((step) => runSteps(run, [step], counters)));
  },

  async clock(run, item) {
    const { set, advance_s } = item.clock as { set?: string; advance_s?: number };
    if (set !== undefined) run.fixture.gateway.turnClock(set);
    else run.fixture.gateway.advanceClock(Number(advance_s));
  },

  async upstream_do(run, item) {
    const { upstream, ...script } = JSON.parse(run.expand(JSON.stringify(item.upstream_do)));
    // Nothing that an upstream says of OAuth is looked at: who makes an upstream over REST names the same place instead.
    if (script.oauth !== undefined) {
      run.namedUrl = String(Object.values(script.oauth)[0]);
      return;
    }
    const done = run.fixture.upstreams[upstream]?.script(script);
    // A flood goes on beside the steps that follow; what they are to meet must be done before.
    if (script.stderr_repeat === undefined) await done;
    else if (done !== undefined) run.underWay.push(done);
    if (script.set_server_info !== undefined) await reconnect(run, upstream);
  },

  async dump_storage(run, item) {
    run.dumps.set((item.dump_storage as { save: string }).save, run.fixture.gateway.dumpStorage());
  },

  async open_stream(run, item, counters) {
    const { http, save } = item.open_stream as { http: HttpStep; save: string };
    run.streams.set(save, await openStream(run.endpoint, await requestBytes(run, http, counters)));
  },

  for_each: goThrough,

  ...heldSteps,
  ...operatorSteps,
  ...pageSteps,
  ...pressureSteps,
  ...signInSteps,
  ...startSteps,
  ...terminalSteps,
};

/** What a server says that it is counts from the next connection on. */
async function reconnect(run: CaseRun, upstream: string): Promise<void> {
  await run.fixture.gateway.reconfigure((config) => {
    const before = config.upstreams[upstream];
    return {
      ...config,
      upstreams: { ...config.upstreams, [upstream]: { ...before, url: `${String(before?.url)}?` } },
    };
  });
  await until(`${upstream} to be asked what it is`, () =>
    run.received(upstream).some(({ method }) => method === 'server/discover'),
  );
}

/** The kinds of step among `items`, nested ones included, that the harness does not know. */
export function unknownSteps(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    const kind = kindOf(item);
    const nested = [item.steps, item.parallel].filter((list) => Array.isArray(list)).flat() as Item[];
    const own = unknownWithin(kind, item);
    return [...(Object.hasOwn(steps, kind) ? own : [kind]), ...unknownSteps(nested)];
  });
}

function unknownWithin(kind: string, item: Item): string[] {
  if (kind === 'admin' && !canOperate(item)) return [`admin ${(item.admin as { op: string }).op}`];
  return kind === 'for_each' && !canGoThrough(item) ? [kind] : [];
}

/** Runs steps in order. */
export async function runSteps(run: CaseRun, items: readonly Item[], counters: Counters = {}): Promise<void> {
  for (const item of items) await steps[kindOf(item)]?.(run, item, counters);
}

/** Parts may hold other parts; a part with characters above U+00FF stands for its UTF-8 bytes. */
function rawBytes(run: CaseRun, step: RawStep): Buffer {
  const expand = (text: string): string =>
    run.placeholders.expand(text, (name) => {
      const [kind = '', partName = ''] = name.split(':');
      const part = step.parts?.[partName];
      if (part === undefined) return undefined;
      const bytes = oneByteEach(expand(part));
      if (kind === 'part') return bytes;
      if (kind === 'len') return String(bytes.length);
      return kind === 'hexlen' ? bytes.length.toString(16) : undefined;
    });
  return Buffer.from(expand(step.text), 'latin1');
}

function oneByteEach(text: string): string {
  return /[^\0-\xff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}
