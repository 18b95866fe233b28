import { request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { AuthenticationFailure } from '../identity/authentication-failure.js';
import type { Clock } from '../lib/clock.js';
import { parseJson } from '../lib/json/parse-json.js';
import type { Call } from '../model/call.js';
import type { JsonObjectText } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import type { Principal } from '../model/principal.js';
import type { Tool } from '../model/tool.js';
import type { HttpFaceOptions, RefusedEntry } from './face-options.js';
import { createHttpFace } from './http-face.js';
import { createListener, type ListenerOptions } from './listener.js';

/** For tests of this folder: a face with a fake pipeline behind it, behind a real listener. */
export interface FakeGateway {
  readonly server: Server;
  readonly port: number;
  readonly calls: Call[];
  readonly invalid: RefusedEntry[];
  readonly authFailed: RefusedEntry[];
  readonly clock: TurnedClock;
  /** The connections of clients that are open. */
  readonly sockets: ReadonlySet<Socket>;
}

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  /** The body's JSON, or that of the last event of a stream. */
  readonly message: Message;
}

/** As much of a JSON-RPC message as tests look at. */
export interface Message {
  readonly id?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of any shape
  readonly result?: any; // oxlint-disable-line typescript/no-explicit-any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly error?: any; // oxlint-disable-line typescript/no-explicit-any
}

export class TurnedClock implements Clock {
  #now = 1_700_000_000_000;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  turn(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}

export function objectText(text: string): JsonObjectText {
  return parseJson(text) as JsonObjectText;
}

export function toolOf(definition: string, more: Partial<Tool> = {}): Tool {
  const parsed = objectText(definition);
  const name = typeof parsed.value.name === 'string' ? parsed.value.name : '';
  return {
    kind: 'tool',
    exposedName: name,
    upstream: 'one',
    name,
    definition: parsed,
    inputSchema: (parsed.value.inputSchema ?? {}) as Tool['inputSchema'],
    annotations: {},
    digest: 'sha256:x',
    ...more,
  };
}

export function completed(call: Call, result: string): Outcome {
  return { kind: 'completed', callId: call.id, result: objectText(result) };
}

export const agentA: Principal = principal('agent-a');

function principal(id: string): Principal {
  return { id, credential: `key:${id}`, tenant: 'default', roles: ['agent'], labels: {} };
}

export interface FakeOptions extends Partial<HttpFaceOptions> {
  readonly tools?: readonly Tool[];
  readonly listener?: Partial<ListenerOptions>;
}

export function fakeFace(options: FakeOptions = {}) {
  const calls: Call[] = [];
  const invalid: RefusedEntry[] = [];
  const authFailed: RefusedEntry[] = [];
  const clock = new TurnedClock();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const { tools = [], govern = async (call: Call) => completed(call, '{"content":[]}') } = options;
  const face: HttpFaceOptions = {
    governListing: async ({ list }) => (list === 'tools' ? tools : []) as never,
    locate: (_endpoint, name) => tools.find((tool) => tool.exposedName === name),
    isVisible: () => true,
    serverInfo: { name: 'sallyport', version: '0.0.0' },
    clock,
    log,
    recorder: { authFailed: (event) => authFailed.push(event), invalid: (event) => invalid.push(event) },
    identify: ({ authorization }) => {
      const id = /^bearer (agent-[a-z])$/i.exec(authorization ?? '')?.[1];
      if (id !== undefined) return principal(id);
      throw new AuthenticationFailure(authorization === undefined ? 'missing' : 'unknown');
    },
    knowsEndpoint: (name) => name === 'one',
    accepting: () => true,
    ...options,
    govern: (call) => {
      calls.push(call);
      return govern(call);
    },
  };
  return { face, calls, invalid, authFailed, clock, log };
}

export async function startGateway(options: FakeOptions = {}): Promise<FakeGateway> {
  const { face, calls, invalid, authFailed, clock, log } = fakeFace(options);
  const server = createListener({
    mcp: createHttpFace(face),
    control: (_request, response) => response.end('control'),
    log,
    ...options.listener,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, port, calls, invalid, authFailed, clock, sockets };
}

export function stop({ server }: FakeGateway): void {
  server.close();
  server.closeAllConnections();
}

export type Headers = Record<string, string | string[] | undefined>;

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Headers;
  readonly body?: string | Buffer;
}

/** One request on a connection of its own. */
export function send(gateway: FakeGateway, { method = 'POST', path = '/mcp', headers = {}, body }: Sent) {
  return new Promise<Answer>((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const outgoing = request(
      {
        port: gateway.port,
        host: '127.0.0.1',
        method,
        path,
        headers: given as NodeJS.Dict<string>,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            message: messageIn(text),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Writes exactly these bytes and returns all that comes back until the peer closes. */
export function sendRaw(gateway: FakeGateway, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

export const modernMeta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Headers and body of a modern request that is right in every way. */
export function modern(method: string, params: Record<string, unknown> = {}): Sent & { headers: Headers } {
  const name = typeof params.name === 'string' ? { 'Mcp-Name': params.name } : {};
  return {
    headers: {
      ...basicHeaders,
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta: modernMeta, ...params } }),
  };
}

export const basicHeaders: Headers = {
  Authorization: 'Bearer agent-a',
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
};

export function legacy(message: object, headers: Headers = {}): Sent {
  return { headers: { ...basicHeaders, ...headers }, body: JSON.stringify({ jsonrpc: '2.0', ...message }) };
}

function messageIn(text: string): Message {
  const data = text.startsWith('{') ? text : text.slice(text.lastIndexOf('data: ') + 'data: '.length);
  try {
    return JSON.parse(data) as Message;
  } catch {
    return {};
  }
}

export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
