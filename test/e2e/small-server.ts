import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SmallServer {
  readonly url: string;
  close(): void;
}

/** A 2026-07-28 server over HTTP that answers each call with its own name, the tool's and the key it was given. */
export async function startSmallServer(name: string, tools: readonly string[]): Promise<SmallServer> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { id, method, params } = JSON.parse(body) as {
        id: number;
        method: string;
        params: { name: string };
      };
      const text = `${name} ran ${params.name} with ${String(request.headers['x-key'])}`;
      const common = { ttlMs: 0, cacheScope: 'private' };
      const results: Record<string, object> = {
        'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ...common },
        'tools/list': {
          tools: tools.map((tool) => ({ name: tool, inputSchema: { type: 'object' } })),
          ...common,
        },
        'tools/call': { content: [{ type: 'text', text }] },
      };
      const result = { resultType: 'complete', ...results[method] };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
