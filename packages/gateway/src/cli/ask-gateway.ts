import type { EffectiveConfig } from '../app/config/effective-config.js';
import { CliError } from './cli-error.js';
import { visibleText } from './visible-text.js';

const patienceMs = 5000;
const longestAnswer = 16 * 1024 * 1024;

export interface GatewayQuestion {
  /** Where operators reach the gateway, for example `http://127.0.0.1:7777`. */
  readonly base: string;
  /** For example `/v1/upstreams`. */
  readonly path: string;
  readonly key: string;
  /** What is posted, or its JSON text; absent: the question is only asked. */
  readonly post?: object | string | undefined;
  /** Another method than what is posted or not says. */
  readonly method?: 'DELETE' | 'PUT' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Longest wait, where it is not the usual one. */
  readonly timeoutMs?: number | undefined;
}

/** A no of the gateway, with every place that is wrong where it names some. */
export class GatewayRefusal extends CliError {
  readonly errors: readonly { readonly path: string; readonly detail: string }[];

  constructor(message: string, body: unknown) {
    super(message);
    const { errors } = (body ?? {}) as { errors?: unknown };
    this.errors = Array.isArray(errors) ? errors : [];
  }
}

/** An address without the slashes at its end. */
export function baseOf(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Where operators reach the gateway of a configuration on this machine; undefined for a port that only it knows. */
export function operatorUrl({ control, listen }: EffectiveConfig): string | undefined {
  const { host, port } = control ?? listen;
  if (port === 0) return undefined;
  const near = host === '0.0.0.0' ? '127.0.0.1' : /^\[?::\]?$/.test(host) ? '::1' : host;
  return `http://${near.includes(':') && !near.startsWith('[') ? `[${near}]` : near}:${port}`;
}

/** Whether a gateway answers there. Asked before a key is sent to whatever listens. */
export async function isGateway(base: string): Promise<boolean> {
  try {
    const answer = await get(`${base}/livez`, {});
    return answer.status === 200 && (JSON.parse(answer.text) as { alive?: unknown }).alive === true;
  } catch {
    return false;
  }
}

/** What the gateway answers, parsed. Throws CliError when it refuses, or answers something else than JSON. */
export async function askGateway(question: GatewayQuestion): Promise<unknown> {
  const { base, path, key, headers } = question;
  const url = `${base}${path}`;
  const { status, text } = await get(url, { ...headers, Authorization: `Bearer ${key}` }, question).catch(
    (cause: unknown) => {
      throw new CliError(`${url}: ${reasonOf(cause)}`, 1, cause);
    },
  );
  if (status === 204) return undefined;
  const body = parsed(text);
  if (status >= 200 && status < 300 && body !== undefined) return body;
  const detail = (body as { detail?: unknown } | undefined)?.detail;
  const said = typeof detail === 'string' ? `: ${visibleText(detail)}` : '';
  throw new GatewayRefusal(`${url}: the gateway answered ${status}${said}`, body);
}

async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  { post, method, timeoutMs = patienceMs }: Pick<GatewayQuestion, 'post' | 'method' | 'timeoutMs'> = {},
): Promise<{ status: number; text: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  const posted =
    post === undefined
      ? { headers, ...(method === undefined ? {} : { method }) }
      : {
          method: method ?? 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: typeof post === 'string' ? post : JSON.stringify(post),
        };
  const response = await fetch(url, { ...posted, signal, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestAnswer) throw new Error(`the answer is longer than ${longestAnswer} bytes`);
  }
  return { status: response.status, text: Buffer.concat(chunks).toString('utf8') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The cause that `fetch` hides in its error. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
