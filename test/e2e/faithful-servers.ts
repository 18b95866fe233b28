import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { Server as LegacyServer } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { Protocol } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, Server as ModernServer } from '@modelcontextprotocol/server';

/** What a server answers, by method; for calls of tools by the name of the tool. */
export interface Answers {
  readonly results: Readonly<Record<string, object>>;
  readonly tools: Readonly<Record<string, object>>;
}

export interface FaithfulServer {
  readonly url: string;
  stop(): void;
}

const info = { name: 'faithful', version: '1.0.0' };
const capabilities = { tools: {}, prompts: {}, resources: {}, completions: {} };

const schemas = {
  'tools/list': ListToolsRequestSchema,
  'prompts/list': ListPromptsRequestSchema,
  'prompts/get': GetPromptRequestSchema,
  'resources/list': ListResourcesRequestSchema,
  'resources/templates/list': ListResourceTemplatesRequestSchema,
  'resources/read': ReadResourceRequestSchema,
  'completion/complete': CompleteRequestSchema,
};

/** A server on the SDK 1.x over HTTP, with a session for each client. */
export async function legacyServer(
  answers: Answers,
  words: { instructions?: string } = {},
): Promise<FaithfulServer> {
  const transports = new Map<unknown, StreamableHTTPServerTransport>();
  return serve(async (request, response) => {
    let transport = transports.get(request.headers['mcp-session-id']);
    if (transport === undefined) {
      const fresh = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => void transports.set(session, fresh),
      });
      transport = fresh;
      // biome-ignore lint/suspicious/noExplicitAny: the SDK's own types do not fit each other under strict options
      await buildLegacy(answers, words).connect(fresh as any); // oxlint-disable-line typescript/no-explicit-any
    }
    await transport.handleRequest(request, response);
  });
}

function buildLegacy({ results, tools }: Answers, words: object): LegacyServer {
  const server = new LegacyServer(info, { capabilities, ...words });
  server.fallbackRequestHandler = async ({ method }) => results[method] as never;
  for (const [method, schema] of Object.entries(schemas)) {
    server.setRequestHandler(schema as typeof ListToolsRequestSchema, () => results[method] as never);
  }
  // The class would take out of results of tools what it does not know.
  const plain = Protocol.prototype as Pick<LegacyServer, 'setRequestHandler'>;
  plain.setRequestHandler.call(server, CallToolRequestSchema, ({ params }) => tools[params.name] as never);
  return server;
}

/** A server on the SDK 2.x that speaks 2026-07-28 and nothing else. */
export async function modernServer({ results, tools }: Answers): Promise<FaithfulServer> {
  const build = () => {
    const server = new ModernServer(info, { capabilities });
    for (const method of Object.keys(schemas) as (keyof typeof schemas)[]) {
      server.setRequestHandler(method, () => results[method] as never);
    }
    server.setRequestHandler('tools/call', ({ params }) => tools[params.name] as never);
    return server;
  };
  const handle = toNodeHandler(createMcpHandler(build, { legacy: 'reject' }));
  // The SDK's own types do not fit Node's under strict options.
  return serve((request, response) => handle(request as never, response) as Promise<void>);
}

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<FaithfulServer> {
  const server: Server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/mcp`, stop };
}
