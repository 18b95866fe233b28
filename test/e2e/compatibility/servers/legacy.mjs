// `legacy.mjs stdio|http|sse PORT NOTES`: a server on the SDK 1.x, which speaks revisions up to 2025-11-25.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { definitions, elicitationParams, run, said, samplingParams, startedWith } from './offer.mjs';

const { mode, port, notes } = startedWith();

function buildServer() {
  const server = new Server({ name: 'legacy', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: definitions }));
  server.setRequestHandler(CallToolRequestSchema, (request, extra) => call(server, request.params, extra));
  return server;
}

async function call(server, { name, arguments: args, _meta }, extra) {
  try {
    // Without the id of the call: over HTTP the SDK then puts the question on the GET stream, the hard case.
    if (name === 'ask') return heard(await server.elicitInput(elicitationParams(args.question)));
    // With the id of the call: the question is on the stream of the call.
    const related = { relatedRequestId: extra.requestId };
    if (name === 'consult') {
      const user = await server.elicitInput(elicitationParams(args.question));
      return heard([user, await server.createMessage(samplingParams(args.question))]);
    }
    if (name === 'sample') return heard(await server.createMessage(samplingParams(args.prompt), related));
  } catch (cause) {
    return { content: [said(String(cause))], isError: true };
  }
  const progressToken = _meta?.progressToken;
  const notify = (progress) =>
    extra.sendNotification({ method: 'notifications/progress', params: { progressToken, ...progress } });
  return run(name, args, {
    signal: extra.signal,
    notify: progressToken === undefined ? undefined : notify,
    notes,
  });
}

function heard(answer) {
  return { content: [said(JSON.stringify(answer))] };
}

async function listen(handle) {
  const server = createServer(handle);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
}

const transports = new Map();

/** Streamable HTTP with a session for each client. */
async function overHttp(request, response) {
  const id = request.headers['mcp-session-id'];
  let transport = transports.get(id);
  if (transport === undefined && id !== undefined) {
    response.writeHead(404).end();
    return;
  }
  if (transport === undefined) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => transports.set(session, transport),
    });
    await buildServer().connect(transport);
  }
  await transport.handleRequest(request, response);
}

/** HTTP+SSE of 2024-11-05: GET /sse is the stream, POST /messages the way in. */
async function overSse(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (request.method === 'GET' && pathname === '/sse') {
    const transport = new SSEServerTransport('/messages', response);
    transports.set(transport.sessionId, transport);
    await buildServer().connect(transport);
    return;
  }
  const transport = transports.get(searchParams.get('sessionId'));
  if (request.method === 'POST' && transport !== undefined)
    await transport.handlePostMessage(request, response);
  else response.writeHead(404).end();
}

if (mode === 'stdio') await buildServer().connect(new StdioServerTransport());
else await listen(mode === 'sse' ? overSse : overHttp);
