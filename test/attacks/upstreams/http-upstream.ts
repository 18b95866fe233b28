import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { changeOffer } from './change-offer.js';
import { createFixtureServer, type FixtureServer, type Received, type Script } from './fixture-server.mjs';
import { misbehaviours, sendEvent } from './misbehaviours.js';

export interface HttpUpstreamOptions {
  readonly id: string;
  readonly era: 'modern' | 'legacy';
  /** A header that each request must carry with exactly this value. */
  readonly credential?: readonly [name: string, value: string];
}

interface Definition {
  readonly name: string;
  readonly inputSchema: {
    readonly properties?: Readonly<Record<string, { readonly 'x-mcp-header'?: string }>>;
  };
}

/** The tools of each fixture upstream, as it offers them at its start. */
export const fixtureTools: Readonly<Record<string, readonly Definition[]>> = JSON.parse(
  readFileSync(new URL('fixture-tools.json', import.meta.url), 'utf8'),
);

/** An MCP server over HTTP that is strict about headers and credential, in the process of the test. */
export class HttpUpstream {
  readonly received: Received[] = [];
  readonly #options: HttpUpstreamOptions;
  readonly #fixture: FixtureServer;
  readonly #server: Server;
  readonly #scripts: Script[] = [];
  /** On which the gateway listens for changes. */
  readonly #listeners = new Set<ServerResponse>();
  readonly #questions = new Map<unknown, (answer: unknown) => void>();

  constructor(options: HttpUpstreamOptions) {
    this.#options = options;
    this.#fixture = createFixtureServer({
      id: options.id,
      eras: [options.era],
      record: (received) => this.received.push(received),
      takeScript: () => this.#scripts.shift(),
    });
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/mcp`;
  }

  /** A change counts at once; anything else is what the next call meets. */
  async script(script: Script): Promise<void> {
    if (typeof script.send === 'string') this.#tell(script.send);
    else if (changeOffer(this.#fixture.offer, script)) {
      if (script.next === 'tools_list') this.#tell('notifications/tools/list_changed');
    } else this.#scripts.push(script);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #tell(method: string): void {
    if (this.#listeners.size === 0) throw new Error(`nobody listens to ${this.#options.id}`);
    for (const listener of this.#listeners) sendEvent(listener, JSON.stringify({ jsonrpc: '2.0', method }));
  }

  #openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await text(request);
    const { credential, era, id } = this.#options;
    const headers = Object.fromEntries(
      Object.entries(request.headersDistinct).map(([k, v]) => [k, (v ?? []).join(', ')]),
    );
    if (credential !== undefined && headers[credential[0].toLowerCase()] !== credential[1]) {
      return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    }
    if (request.method === 'GET' && era === 'legacy') return this.#openStream(response);
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    const mismatch = era === 'modern' ? headerMismatch(id, raw, headers) : undefined;
    if (mismatch !== undefined) return sendJson(response, 400, mismatch);
    const message = JSON.parse(raw);
    if (message.method === 'subscriptions/listen') {
      this.#openStream(response);
      const { notifications } = message.params;
      const method = 'notifications/subscriptions/acknowledged';
      return sendEvent(response, JSON.stringify({ jsonrpc: '2.0', method, params: { notifications } }));
    }
    if (message.method === undefined) this.#questions.get(message.id)?.(message);
    const script = message.method === 'tools/call' ? this.#takeMisbehaviour() : undefined;
    const reply = await this.#fixture.answer(raw, headers);
    if (reply === undefined) return void response.writeHead(202).end();
    if (script === undefined) return sendJson(response, 200, reply);
    const answered = (question: string) =>
      new Promise<unknown>((resolve) => this.#questions.set(question, resolve));
    await misbehaviours[String(script.next)]?.({
      script,
      response,
      reply,
      answered,
      id: JSON.stringify(message.id),
    });
  }

  #takeMisbehaviour(): Script | undefined {
    const [script] = this.#scripts;
    return Object.hasOwn(misbehaviours, String(script?.next)) ? this.#scripts.shift() : undefined;
  }
}

function sendJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** The checks that revision 2026-07-28 asks of a server, as the text of an error reply. */
function headerMismatch(
  id: string,
  raw: string,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  const message = JSON.parse(raw);
  const version = message.params?._meta?.['io.modelcontextprotocol/protocolVersion'];
  if (version === undefined && headers['mcp-protocol-version'] === undefined) return undefined;
  const expected: [string, unknown][] = [
    ['mcp-protocol-version', version],
    ['mcp-method', message.method],
  ];
  if (message.method === 'tools/call') {
    expected.push(['mcp-name', message.params.name]);
    const tool = fixtureTools[id]?.find((definition) => definition.name === message.params.name);
    for (const [name, property] of Object.entries(tool?.inputSchema.properties ?? {})) {
      const header = property['x-mcp-header'];
      if (header !== undefined)
        expected.push([`mcp-param-${header.toLowerCase()}`, message.params.arguments?.[name]]);
    }
  }
  const wrong = expected.find(([name, value]) => !matches(headers[name], value));
  if (wrong === undefined) return undefined;
  return JSON.stringify({
    jsonrpc: '2.0',
    id: message.id,
    error: {
      code: -32020,
      message: `header ${wrong[0]} is ${headers[wrong[0]]}, body has ${JSON.stringify(wrong[1])}`,
    },
  });
}

function matches(header: string | undefined, value: unknown): boolean {
  if (header === undefined || value === undefined || value === null)
    return header === undefined && (value ?? null) === null;
  const encoded = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(header);
  const decoded = encoded === null ? header : Buffer.from(encoded[1] ?? '', 'base64').toString('utf8');
  return typeof value === 'number' ? Number(decoded) === value : decoded === value;
}
