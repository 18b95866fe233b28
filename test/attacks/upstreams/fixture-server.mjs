import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const toolsByUpstream = JSON.parse(readFileSync(new URL('fixture-tools.json', import.meta.url), 'utf8'));
const versionKey = 'io.modelcontextprotocol/protocolVersion';

/** A small MCP server without any trust in its caller: it records everything before it answers. */
export function createFixtureServer({ id, eras, record, takeScript }) {
  const offer = { name: 'fixture', about: {}, tools: [...toolsByUpstream[id]], listMembers: {} };
  let inFlight = 0;
  const answer = async (raw, headers = {}) => {
    const message = messageOf(raw);
    const params = message.params ?? {};
    const isCall = message.method === 'tools/call';
    if (isCall) inFlight += 1;
    record({
      method: message.method ?? '',
      tool: params.name ?? '',
      args: params.arguments,
      raw,
      headers,
      inFlight,
    });
    if (message.id === undefined || message.method === undefined) return undefined;
    const modern = params._meta?.[versionKey] !== undefined;
    const reply = await replyTo({ message, params, modern, offer, eras, takeScript });
    if (isCall) inFlight -= 1;
    return JSON.stringify({ jsonrpc: '2.0', id: message.id, ...reply });
  };
  return { offer, answer };
}

function messageOf(raw) {
  try {
    return JSON.parse(raw);
  } catch {
    return {};
  }
}

const capabilities = { tools: { listChanged: true } };

async function replyTo({ message, params, modern, offer, eras, takeScript }) {
  if (!eras.includes(modern ? 'modern' : 'legacy')) return foreignEra(message, eras);
  const serverInfo = { name: offer.name, version: '1.0.0', ...offer.about };
  switch (message.method) {
    case 'server/discover':
      return done(modern, {
        supportedVersions: ['2026-07-28'],
        capabilities,
        serverInfo,
        ttlMs: 0,
        cacheScope: 'private',
      });
    case 'initialize':
      return done(false, { protocolVersion: params.protocolVersion, capabilities, serverInfo });
    case 'ping':
      return done(modern, {});
    case 'tools/list':
      return done(modern, {
        tools: offer.tools,
        ...(modern ? { ttlMs: 0, cacheScope: 'private' } : {}),
        ...offer.listMembers,
      });
    case 'tools/call':
      return answerCall({ params, modern, offer, script: takeScript() });
    default:
      return fault(-32601, 'Method not found');
  }
}

async function answerCall({ params, modern, offer, script }) {
  if (!offer.tools.some((tool) => tool.name === params.name))
    return fault(-32602, `Unknown tool: ${params.name}`);
  if (script?.next === 'jsonrpc_error') return fault(-32000, script.message ?? 'it failed');
  return done(modern, await call(params, script));
}

function foreignEra(message, eras) {
  if (eras.includes('modern')) {
    return fault(-32022, 'Unsupported protocol version', {
      supported: ['2026-07-28'],
      requested: message.params?.protocolVersion,
    });
  }
  return fault(-32601, 'Method not found');
}

const askState = 'state of the fixture';

const question = {
  resultType: 'input_required',
  requestState: askState,
  inputRequests: {
    k: {
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: 'Which v?',
        requestedSchema: { type: 'object', properties: { v: { type: 'string' } }, required: ['v'] },
      },
    },
  },
};

async function call({ name, arguments: args = {}, inputResponses, requestState }, script) {
  if (script?.next === 'tool_error') return { ...text(script.text), isError: true };
  switch (name) {
    case 'env':
      return text(JSON.stringify(process.env));
    case 'fds':
      return text(JSON.stringify(readdirSync('/proc/self/fd')));
    case 'argv':
      return text(JSON.stringify(process.argv));
    case 'ask':
      if (requestState !== askState || inputResponses?.k?.action !== 'accept') return question;
      return text(inputResponses.k.content.v);
    case 'big':
      return text('x'.repeat(args.bytes));
    case 'slow':
      await sleep(args.ms);
      return text(args.tag);
    default:
      return text(JSON.stringify(args));
  }
}

function text(content) {
  return { content: [{ type: 'text', text: content }] };
}

function done(modern, result) {
  return { result: modern ? { resultType: 'complete', ...result } : result };
}

function fault(code, message, data) {
  return { error: { code, message, ...(data === undefined ? {} : { data }) } };
}
