import { once } from 'node:events';
import { request } from 'node:http';
import { type GatewayProcess, scratchFolder, startGateway } from '../e2e/gateway-process.js';
import { recordAnswer } from './record-answers.js';

export const everyRole = ['agent', 'approver', 'auditor', 'operator', 'admin'] as const;

/** `all` has every role, `narrowed` too, and its token permits calling tools alone; each other has the role of its name. */
export type Person = (typeof everyRole)[number] | 'all' | 'narrowed';

export interface Answer {
  readonly status: number;
  /** Compared, not trusted. */
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: Headers;
}

export interface Asking {
  readonly method?: string;
  readonly as?: Person | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RestGateway {
  readonly url: string;
  readonly folder: string;
  readonly process: GatewayProcess;
  ask(path: string, asking?: Asking): Promise<Answer>;
  /** Kills it and starts it again on the same folder, under another address. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
}

/** A gateway as people start it, with a token for each role: the token of `admin` is `admin-` and 32 times `t`. */
export async function openRestGateway(
  config: object = {},
  env: Record<string, string> = {},
): Promise<RestGateway> {
  const scratch = scratchFolder();
  const people = [...everyRole, 'all', 'narrowed'] as const;
  const tokens = people.map((principal) => ({
    principal,
    tokens: [`env:TOKEN_${principal.toUpperCase()}`],
    roles: principal === 'all' || principal === 'narrowed' ? everyRole : [principal],
    ...(principal === 'narrowed' ? { scopes: ['mcp:call'] } : {}),
  }));
  const variables = Object.fromEntries(
    people.map((person) => [`TOKEN_${person.toUpperCase()}`, tokenOf(person)]),
  );
  const settings = { upstreams: {}, auth: { tokens }, dataDir: './data', ...config };
  const start = () => startGateway(scratch.path, settings, { ...variables, ...env });
  let gateway = await start();
  return {
    get url() {
      return gateway.baseUrl;
    },
    folder: scratch.path,
    get process() {
      return gateway;
    },
    ask: (path, asking = {}) => ask(gateway.baseUrl + path, asking),
    async killAndRestart() {
      const { child } = gateway;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      gateway = await start();
    },
    async close() {
      await gateway.stop().finally(scratch.remove);
    },
  };
}

export function tokenOf(person: Person): string {
  return `${person}-${'t'.repeat(32)}`;
}

async function ask(url: string, { method = 'GET', as, body, headers = {} }: Asking): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(as === undefined ? {} : { Authorization: `Bearer ${tokenOf(as)}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

/** Announces a body of that many bytes and sends none of it; the status of the answer. */
export function announceBody(
  gateway: RestGateway,
  asked: { path: string; method: string; bytes: number },
): Promise<number> {
  const { path, method, bytes } = asked;
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${tokenOf('all')}`,
      'Content-Type': 'application/json',
      'Content-Length': bytes,
    };
    const sent = request(new URL(path, gateway.url), { method, headers });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0;
      recordAnswer({ method, path, status, type: response.headers['content-type'] ?? '' });
      resolve(status);
      response.destroy();
    });
    sent.flushHeaders();
  });
}
