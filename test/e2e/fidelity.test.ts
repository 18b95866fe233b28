import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../packages/gateway/src/lib/json/canonical-json.js';
import type { JsonObject } from '../../packages/gateway/src/model/json.js';
import { type FaithfulServer, legacyServer, modernServer } from './faithful-servers.js';
import { type GatewayProcess, scratchFolder, startGateway } from './gateway-process.js';
import { legacyClient, modernClient, type RawClient } from './raw-client.js';

/** Everything that content can hold, and something of everything that nobody here knows. */
const _meta = { 'com.example/tag': { deep: [1, null, 'ü'] }, traceparent: '00-0-0-01' };
const strange = 'Grüße \u2028\u2029 世界 👋 \u0000\u001f "quoted" \\ / \u202e';
/** What a person can see: definitions with anything else wait for one. */
const visible = 'Grüße 世界 👋 "quoted" \\ / \n\ttab';
const picture = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256)).toString('base64');
const content = [
  { type: 'text', text: strange, annotations: { audience: ['user'], priority: 0.5 }, _meta },
  { type: 'image', data: picture, mimeType: 'image/png' },
  { type: 'audio', data: picture, mimeType: 'audio/wav', _meta },
  { type: 'resource_link', uri: 'demo://a?b=%20#c', name: 'a', size: 9007199254740991, description: strange },
  { type: 'resource', resource: { uri: 'demo://text', mimeType: 'text/plain', text: strange, _meta } },
  { type: 'resource', resource: { uri: 'demo://blob', blob: picture } },
];
const unknown = [...content, { type: 'hologram', points: [[1.5e300, -0.1]], nested: { type: 'text' } }];

const inputSchema = {
  type: 'object',
  properties: { a: { type: 'string', 'x-unknown': visible } },
  $defs: { later: { const: null } },
};
const tool = (name: string) => ({
  name,
  title: visible,
  description: visible,
  inputSchema,
  annotations: { readOnlyHint: true, title: 'T' },
  _meta: { ..._meta, ui: { resourceUri: 'ui://widget/a' } },
  icons: [{ src: 'data:image/png;base64,AA==', sizes: ['48x48'] }],
});

const tools = {
  content: { content, _meta },
  structured: { content: [], structuredContent: { rows: [{ n: 0.1, s: strange, none: null }] } },
  failed: { content: [{ type: 'text', text: 'no' }], isError: true, _meta },
  large: { content: [{ type: 'text', text: strange.repeat(160_000) }] },
};

const results = {
  'tools/list': { tools: [...Object.keys(tools), 'unknown'].sort().map(tool) },
  'prompts/list': {
    prompts: [{ name: 'p', title: visible, arguments: [{ name: 'a', required: true }], _meta }],
  },
  'prompts/get': {
    description: strange,
    messages: content.map((block) => ({ role: 'user', content: block })),
    _meta,
  },
  'resources/list': {
    resources: [{ uri: 'demo://text', name: 'text', annotations: { priority: 1 }, _meta }],
  },
  'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'demo://{id}', name: 'd', _meta }] },
  'resources/read': {
    contents: [
      { uri: 'demo://text', mimeType: 'text/plain', text: strange, _meta },
      { uri: 'demo://blob', blob: picture },
    ],
    _meta,
  },
  'completion/complete': { completion: { values: [strange, 'b'], total: 2, hasMore: false } },
};

const cacheable = { ttlMs: 0, cacheScope: 'private' };
const modernResults = Object.fromEntries(
  Object.entries(results).map(([method, result]) => [
    method,
    /list$|read$/.test(method) ? { ...cacheable, ...result } : result,
  ]),
);

const unknownContent = 'content of a kind that nobody knows';
const requests: [string, string, object][] = [
  ...Object.keys(tools).map((name): [string, string, object] => [
    name,
    'tools/call',
    { name, arguments: {} },
  ]),
  [unknownContent, 'tools/call', { name: 'unknown', arguments: {} }],
  ['tools', 'tools/list', {}],
  ['prompts', 'prompts/list', {}],
  ['a prompt', 'prompts/get', { name: 'p', arguments: { a: strange } }],
  ['resources', 'resources/list', {}],
  ['resource templates', 'resources/templates/list', {}],
  ['a resource', 'resources/read', { uri: 'demo://text' }],
  [
    'a completion',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } },
  ],
];

const scratch = scratchFolder();
const key = { Authorization: 'Bearer fidelity-token-1' };
const servers: Record<string, FaithfulServer> = {};
let gateway: GatewayProcess;

beforeAll(async () => {
  servers.legacy = await legacyServer({
    results,
    tools: { ...tools, unknown: { content: unknown, later: true } },
  });
  servers.modern = await modernServer({
    results: modernResults,
    tools,
  });
  const upstreams = Object.fromEntries(Object.entries(servers).map(([id, { url }]) => [id, { url }]));
  gateway = await startGateway(
    scratch.path,
    {
      auth: { tokens: [{ principal: 'me', tokens: ['env:TOKEN'] }] },
      upstreams,
      pins: { firstSight: 'trust' },
      policy: { default: 'allow' },
    },
    { TOKEN: 'fidelity-token-1' },
  );
});

afterAll(async () => {
  await gateway.stop();
  for (const server of Object.values(servers)) server.stop();
  scratch.remove();
});

const connect = {
  legacy: legacyClient,
  modern: async (...where: Parameters<typeof modernClient>) => modernClient(...where),
};

/** Without what says in which era it was said, and by whom. */
function endToEnd({ resultType: _type, ttlMs: _ttl, cacheScope: _scope, ...result }: JsonObject): string {
  const { 'io.modelcontextprotocol/serverInfo': _server, ...meta } = (result._meta ?? {}) as JsonObject;
  const { _meta: _own, ...rest } = result;
  return canonicalJson(Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta });
}

/** Where two texts part, with a little of what follows; these texts have megabytes. */
function differenceBetween(came: string, sent: string): object | undefined {
  if (came === sent) return undefined;
  let at = 0;
  while (came[at] === sent[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 200);
  return { at, came: around(came), sent: around(sent) };
}

describe.each(['legacy', 'modern'] as const)('from a %s server', (server) => {
  let direct: RawClient;
  beforeAll(async () => {
    direct = await connect[server](servers[server]?.url ?? '');
  });

  describe.each(['legacy', 'modern'] as const)('to a %s client', (client) => {
    let through: RawClient;
    beforeAll(async () => {
      through = await connect[client](`${gateway.baseUrl}/mcp/${server}`, key);
    });

    // The SDK 2.x lets its servers send no content that it does not know.
    const asked = requests.filter(([what]) => server === 'legacy' || what !== unknownContent);

    it.each(asked)('%s comes as the server sent it', async (_what, method, params) => {
      const [sent, came] = await Promise.all([
        direct.request(method, params),
        through.request(method, params),
      ]);
      expect(differenceBetween(endToEnd(came), endToEnd(sent))).toBeUndefined();
    });
  });
});

it('a result of five megabytes is among them', () => {
  expect(Buffer.byteLength(JSON.stringify(tools.large))).toBeGreaterThan(5_000_000);
});
