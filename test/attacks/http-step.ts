import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip, gzipSync } from 'node:zlib';
import type { CaseRun } from './case-run.js';
import { nameHeaderOf } from './placeholders.js';
import { type Exchange, exchangeOnce } from './raw-http.js';

/** Values of the counters of the loops around a step. */
export type Counters = Readonly<Record<string, string>>;

export interface HttpStep {
  readonly method: string;
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly body_encoding?: 'latin1' | 'utf-16le';
  readonly body_hex_prefix?: string;
  readonly body_gzip_of?: string;
  readonly save?: string;
}

/** Keeps an answer for later steps and for the expectations. */
export function note(
  run: CaseRun,
  answered: { exchange: Exchange; counters: Counters },
  save: string | undefined,
): void {
  run.answered.push(answered);
  if (save !== undefined) run.save(save, answered);
}

export async function sendHttp(run: CaseRun, step: HttpStep, counters: Counters): Promise<Exchange> {
  return exchangeOnce(run.endpoint, await requestBytes(run, step, counters));
}

/** The bytes of a request, its placeholders replaced. */
export async function requestBytes(run: CaseRun, step: HttpStep, counters: Counters): Promise<Buffer> {
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
