import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Answer, createFixtureServer, type Received, type Script } from './fixture-server.mjs';

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

const definitions: Readonly<Record<string, readonly Definition[]>> = JSON.parse(
  readFileSync(new URL('fixture-tools.json', import.meta.url), 'utf8'),
);

/** An MCP server over HTTP that is strict about headers and credential, in the process of the test. */
export class HttpUpstream {
  readonly received: Received[] = [];
  readonly #options: HttpUpstreamOptions;
  readonly #answer: Answer;
  readonly #server: Server;
  readonly #scripts: Script[] = [];

  constructor(options: HttpUpstreamOptions) {
    this.#options = options;
    this.#answer = createFixtureServer({
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

  script(script: Script): void {
    this.#scripts.push(script);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await text(request);
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    const headers = Object.fromEntries(
      Object.entries(request.headersDistinct).map(([k, v]) => [k, (v ?? []).join(', ')]),
    );
    const { credential } = this.#options;
    if (credential !== undefined && headers[credential[0].toLowerCase()] !== credential[1]) {
      return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    }
    const mismatch =
      this.#options.era === 'modern' ? headerMismatch(this.#options.id, raw, headers) : undefined;
    if (mismatch !== undefined) return sendJson(response, 400, mismatch);
    const reply = await this.#answer(raw, headers);
    if (reply === undefined) return void response.writeHead(202).end();
    sendJson(response, 200, reply);
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
    const tool = definitions[id]?.find((definition) => definition.name === message.params.name);
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
