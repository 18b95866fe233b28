import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ShopServer {
  readonly url: string;
  /** The names of the tools that were run, in order. */
  readonly ran: string[];
  /** The arguments as they came over the wire. */
  readonly bodies: string[];
  close(): void;
}

interface ShopTool {
  readonly name: string;
  readonly annotations?: object;
  /** The result; `never` does not answer. */
  readonly answer?: object | 'never';
}

const cache = { ttlMs: 0, cacheScope: 'private' };
const done = { content: [{ type: 'text', text: 'done' }] };

/** A 2026-07-28 server over real HTTP with these tools. */
export async function openShop(tools: readonly ShopTool[]): Promise<ShopServer> {
  const ran: string[] = [];
  const bodies: string[] = [];
  const offered = tools.map(({ name, annotations }) => ({
    name,
    description: `Does ${name}.`,
    inputSchema: { type: 'object' },
    ...(annotations === undefined ? {} : { annotations }),
  }));
  const results: Record<string, object> = {
    'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ...cache },
    'tools/list': { tools: offered, ...cache },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { id, method, params } = JSON.parse(body) as Asked;
      if (method !== 'tools/call') {
        reply(response, id, { result: { resultType: 'complete', ...results[method] } });
        return;
      }
      ran.push(params.name);
      bodies.push(body);
      const { answer = done } = tools.find(({ name }) => name === params.name) ?? {};
      if (answer === 'never') return;
      reply(
        response,
        id,
        'code' in answer ? { error: answer } : { result: { resultType: 'complete', ...answer } },
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return {
    url,
    ran,
    bodies,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly name: string };
}

function reply(response: ServerResponse, id: number, message: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, ...message }));
}
