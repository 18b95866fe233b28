import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { canGoThrough, goThrough } from './admin-steps.js';
import type { CaseRun } from './case-run.js';
import { type Item, kindOf } from './corpus.js';
import { openStream } from './open-connections.js';
import { canOperate, operatorSteps } from './operator-steps.js';
import { nameHeaderOf } from './placeholders.js';
import { pressureSteps } from './pressure-steps.js';
import { type Exchange, exchangeAll, exchangeOnce } from './raw-http.js';
import { signInSteps } from './sign-in-steps.js';
import { terminalSteps } from './terminal-steps.js';

/** Values of the counters of the loops around a step. */
export type Counters = Readonly<Record<string, string>>;
/** What a kind of step does. */
export type Step = (run: CaseRun, item: Item, counters: Counters) => Promise<void>;

interface HttpStep {
  readonly method: string;
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly body_encoding?: 'latin1' | 'utf-16le';
  readonly body_hex_prefix?: string;
  readonly body_gzip_of?: string;
  readonly save?: string;
}

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

  async call_async(run, item, counters) {
    run.pendingCalls.set(String(item.call_async), sendHttp(run, item.http as HttpStep, counters));
  },

  async complete(run, item, counters) {
    const exchange = await run.pendingCalls.get(String(item.complete));
    if (exchange === undefined) throw new Error(`no call ${String(item.complete)} was begun`);
    note(run, { exchange, counters }, item.save as string | undefined);
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
    run.fixture.gateway.turnClock((item.clock as { set: string }).set);
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
  },

  async dump_storage(run, item) {
    run.dumps.set((item.dump_storage as { save: string }).save, run.fixture.gateway.dumpStorage());
  },

  async open_stream(run, item, counters) {
    const { http, save } = item.open_stream as { http: HttpStep; save: string };
    run.streams.set(save, await openStream(run.endpoint, await requestBytes(run, http, counters)));
  },

  for_each: goThrough,

  ...operatorSteps,
  ...pressureSteps,
  ...signInSteps,
  ...terminalSteps,
};

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

function note(
  run: CaseRun,
  answered: { exchange: Exchange; counters: Counters },
  save: string | undefined,
): void {
  run.answered.push(answered);
  if (save !== undefined) run.save(save, answered);
}

async function sendHttp(run: CaseRun, step: HttpStep, counters: Counters): Promise<Exchange> {
  return exchangeOnce(run.endpoint, await requestBytes(run, step, counters));
}

async function requestBytes(run: CaseRun, step: HttpStep, counters: Counters): Promise<Buffer> {
  const text = step.body === undefined ? undefined : run.expand(step.body, counters);
  const body = await bodyBytes(step, text, (inner) => run.expand(inner, counters));
  const headers = (step.headers ?? []).flatMap(([name, value]): [string, string][] => {
    const expanded = run.expand(value, { ...counters, MCPNAME_OF_BODY: nameHeaderOf(text ?? '') });
    return headerNames(name).map((one) => [one, expanded]);
  });
  if (!headers.some(([name]) => name.toLowerCase() === 'host'))
    headers.unshift(['Host', run.expand('{{HOST}}')]);
  if (body !== undefined) headers.push(['Content-Length', String(body.length)]);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${step.method} ${run.expand(step.path, counters)} HTTP/1.1\r\n${lines}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]);
}

/** `{{REPEAT_HEADERS:P:n}}` stands for P-1 to P-n. */
function headerNames(name: string): string[] {
  const [, prefix, count] = /^\{\{REPEAT_HEADERS:([^:]+):(\d+)\}\}$/.exec(name) ?? [];
  return count === undefined
    ? [name]
    : Array.from({ length: Number(count) }, (_, index) => `${prefix}-${index + 1}`);
}

async function bodyBytes(
  step: HttpStep,
  text: string | undefined,
  expand: (text: string) => string,
): Promise<Buffer | undefined> {
  if (step.body_gzip_of !== undefined) return compressed(step.body_gzip_of, expand);
  if (text === undefined) return undefined;
  const encoding = step.body_encoding === 'utf-16le' ? 'utf16le' : (step.body_encoding ?? 'utf8');
  return Buffer.concat([Buffer.from(step.body_hex_prefix ?? '', 'hex'), Buffer.from(text, encoding)]);
}

/** A repetition may be longer than any string: it is compressed in pieces. */
async function compressed(text: string, expand: (text: string) => string): Promise<Buffer> {
  const [, before, one = '', count, after = ''] = /^(.*)\{\{REPEAT:(.):(\d+)\}\}(.*)$/s.exec(text) ?? [];
  if (before === undefined) return gzipSync(expand(text));
  const piece = 8 * 1024 * 1024;
  const pieces = function* () {
    yield expand(before);
    for (let left = Number(count); left > 0; left -= piece) yield one.repeat(Math.min(left, piece));
    yield expand(after);
  };
  return buffer(Readable.from(pieces()).pipe(createGzip({ level: 1 })));
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
