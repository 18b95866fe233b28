import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childEnvironment, scratchFolder } from '../gateway-process.js';
import { faultsOf } from './behaviours.js';
import { type ClientKind, type CompatibilityClient, clientKinds } from './clients.js';
import { type ServerKind, serverKinds, startServers } from './servers.js';

const scratch = scratchFolder();
const notes = join(scratch.path, 'notes.txt');

let servers: Awaited<ReturnType<typeof startServers>>;

beforeAll(async () => {
  servers = await startServers(scratch.path, notes);
});

afterAll(() => {
  servers.stop();
  scratch.remove();
});

/** The server that speaks the same as `kind`, over the same. */
function counterpartOf(kind: ClientKind): ServerKind | undefined {
  const era = kind.revision === '2026-07-28' ? 'modern' : 'legacy';
  return serverKinds.find((one) => one.transport === kind.transport && one.era === era);
}

async function connect(kind: ClientKind, { id }: ServerKind): Promise<CompatibilityClient> {
  const address = servers.upstreams[id] ?? { url: '' };
  const { command, args } = 'command' in address ? address : { command: '', args: [] };
  const url = 'url' in address ? address.url : '';
  const program = { command, args, env: childEnvironment(scratch.path) };
  const client = await kind.connect({ baseUrl: url.replace(/\/\w+$/, ''), program });
  return {
    toolNames: async () => (await client.toolNames()).map((name) => `${id}__${name}`),
    call: (name, ...rest) => client.call(name.replace(`${id}__`, ''), ...rest),
    close: () => client.close(),
  };
}

describe('without a gateway, where both speak the same, everything works between', () => {
  it.each(clientKinds.map((kind) => [`a client of ${kind.revision} over ${kind.transport}`, kind] as const))(
    '%s and its server',
    async (_, kind) => {
      const server = counterpartOf(kind);
      if (server === undefined) throw new Error('the matrix has no such server');
      const client = await connect(kind, server);
      try {
        expect(await faultsOf({ kind, client, server: server.id, notes })).toEqual({});
      } finally {
        await client.close();
      }
    },
  );
});
