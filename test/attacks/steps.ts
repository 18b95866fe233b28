import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { CaseRun } from './case-run.js';
import { type Item, kindOf } from './corpus.js';
import { nameHeaderOf } from './placeholders.js';
import { type Exchange, exchangeAll, exchangeOnce } from './raw-http.js';
import type { Script } from './upstreams/fixture-server.mjs';

type Counters = Readonly<Record<string, string>>;
type Step = (run: CaseRun, item: Item, counters: Counters) => Promise<void>;

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

  async wait_ms(_run, item) {
    await sleep(Number(item.wait_ms));
  },

  async repeat(run, item, counters) {
    for (let i = 1; i <= Number(item.repeat); i += 1) {
      await runSteps(run, item.steps as Item[], { ...counters, i: String(i) });
    }
  },

  async parallel(run, item, counters) {
    await Promise.all((item.parallel as Item[]).map((step) => runSteps(run, [step], counters)));
  },

  async upstream_do(run, item) {
    const { upstream, ...script } = item.upstream_do as Script & { upstream: string };
    if (script.next !== 'tool_error') throw new Error(`the fixture cannot do ${JSON.stringify(script)}`);
    run.fixture.upstreams[upstream]?.script(script);
  },

  async dump_storage(run, item) {
    run.dumps.set((item.dump_storage as { save: string }).save, run.fixture.gateway.dumpStorage());
  },
};

/** The kinds of step among `items`, nested ones included, that the harness does not know. */
export function unknownSteps(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    const kind = kindOf(item);
    const nested = [item.steps, item.parallel].filter((list) => Array.isArray(list)).flat() as Item[];
    return [...(Object.hasOwn(steps, kind) ? [] : [kind]), ...unknownSteps(nested)];
  });
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

function sendHttp(run: CaseRun, step: HttpStep, counters: Counters): Promise<Exchange> {
  const text = step.body === undefined ? undefined : run.expand(step.body, counters);
  const body = bodyBytes(step, text, (inner) => run.expand(inner, counters));
  const headers = (step.headers ?? []).map(([name, value]): [string, string] => [
    name,
    run.expand(value, { ...counters, MCPNAME_OF_BODY: nameHeaderOf(text ?? '') }),
  ]);
  if (!headers.some(([name]) => name.toLowerCase() === 'host'))
    headers.unshift(['Host', run.expand('{{HOST}}')]);
  if (body !== undefined) headers.push(['Content-Length', String(body.length)]);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${step.method} ${run.expand(step.path, counters)} HTTP/1.1\r\n${lines}\r\n`;
  return exchangeOnce(run.endpoint, Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]));
}

function bodyBytes(
  step: HttpStep,
  text: string | undefined,
  expand: (text: string) => string,
): Buffer | undefined {
  if (step.body_gzip_of !== undefined) return gzipSync(expand(step.body_gzip_of));
  if (text === undefined) return undefined;
  const encoding = step.body_encoding === 'utf-16le' ? 'utf16le' : (step.body_encoding ?? 'utf8');
  return Buffer.concat([Buffer.from(step.body_hex_prefix ?? '', 'hex'), Buffer.from(text, encoding)]);
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
