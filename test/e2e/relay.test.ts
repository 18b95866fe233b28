import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaithfulServer, legacyServer, modernServer } from './faithful-servers.js';
import { type GatewayProcess, scratchFolder, startGateway } from './gateway-process.js';
import { legacyClient, modernClient } from './raw-client.js';

const scratch = scratchFolder();
const key = { Authorization: 'Bearer relay-token-0001' };
const clients = {
  legacy: legacyClient,
  modern: async (...where: Parameters<typeof modernClient>) => modernClient(...where),
};
let server: FaithfulServer;
let other: FaithfulServer;
let gateway: GatewayProcess;

beforeAll(async () => {
  const answers = {
    results: { 'tools/list': { tools: [] }, 'x/run': { ran: true, n: 0.1 } },
    tools: {},
  };
  server = await legacyServer(answers, { instructions: 'Ask for x.' });
  other = await modernServer({
    ...answers,
    results: { 'tools/list': { tools: [], ttlMs: 0, cacheScope: 'private' } },
  });
  gateway = await startGateway(
    scratch.path,
    {
      auth: { tokens: [{ principal: 'me', tokens: ['env:TOKEN'] }] },
      upstreams: { mine: { url: server.url }, other: { url: other.url } },
      extensions: {
        relay: [{ name: 'com.example/x', settings: { v: 2 }, upstream: 'mine', methods: ['x/run'] }],
      },
      instructions: { text: 'In euro.', upstreams: ['mine'] },
      policy: {
        rules: [{ id: 'x', match: { methods: ['x/run'] }, when: 'args.far != true', effect: 'allow' }],
      },
    },
    { TOKEN: 'relay-token-0001' },
  );
});

afterAll(async () => {
  await gateway.stop();
  server.stop();
  other.stop();
  scratch.remove();
});

describe.each(['legacy', 'modern'] as const)('a %s client', (era) => {
  const at = (path: string) => clients[era](`${gateway.baseUrl}${path}`, key);

  it('calls a method of an extension at its upstream, when policy allows it', async () => {
    const client = await at('/mcp');
    expect(await client.request('x/run', { far: false })).toMatchObject({ ran: true, n: 0.1 });
    await expect(client.request('x/run', { far: true })).rejects.toThrow('"code":403');
  });

  it('finds it at the endpoint of that upstream, and at no other', async () => {
    expect(await (await at('/mcp/mine')).request('x/run', { far: false })).toMatchObject({ ran: true });
    await expect((await at('/mcp/other')).request('x/run', { far: false })).rejects.toThrow('-32601');
  });

  it('gets no method that the configuration does not name', async () => {
    await expect((await at('/mcp')).request('x/other')).rejects.toThrow('-32601');
  });
});

it('clients are told of the extension, and of the words of the upstream that may speak', async () => {
  const told = await modernClient(`${gateway.baseUrl}/mcp`, key).request('server/discover');
  expect(told).toMatchObject({
    capabilities: { extensions: { 'com.example/x': { v: 2 } } },
    instructions: 'In euro.\n\nInstructions of the server "mine":\nAsk for x.',
  });
});
