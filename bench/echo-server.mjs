// What the benchmark's upstream answers, whatever the transport: an `echo` tool among a hundred others.

export const revision = '2026-07-28';
export const otherTools = 100;

const meta = { 'io.modelcontextprotocol/serverInfo': { name: 'bench-echo', version: '1.0.0' } };
const inputSchema = {
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
  additionalProperties: false,
};
const tools = [
  { name: 'echo', description: 'Gives back its text.', inputSchema },
  ...Array.from({ length: otherTools }, (_, index) => ({
    name: `tool_${index}`,
    description: `Does nothing, the ${index}th way.`,
    inputSchema,
  })),
];
const lists = { ttlMs: 60_000, cacheScope: 'private' };

/** The JSON-RPC reply to a message; nothing for a notification. */
export function answer({ id, method, params }) {
  if (id === undefined) return undefined;
  const result = resultOf(method, params);
  if (result !== undefined) return { jsonrpc: '2.0', id, result };
  return { jsonrpc: '2.0', id, error: { code: -32601, message: `no method ${method}` } };
}

function resultOf(method, params) {
  switch (method) {
    case 'tools/call':
      if (params.name !== 'echo') return undefined;
      return {
        content: [{ type: 'text', text: params.arguments.text }],
        resultType: 'complete',
        _meta: meta,
      };
    case 'tools/list':
      return { tools, resultType: 'complete', ...lists, _meta: meta };
    case 'server/discover':
      return {
        supportedVersions: [revision],
        capabilities: { tools: {} },
        resultType: 'complete',
        ...lists,
        _meta: meta,
      };
    default:
      return undefined;
  }
}
