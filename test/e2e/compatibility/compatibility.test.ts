import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  childEnvironment,
  type GatewayProcess,
  gatewayMain,
  root,
  scratchFolder,
  startGateway,
  writeConfig,
} from '../gateway-process.js';
import { faultsOf } from './behaviours.js';
import { type ClientKind, type CompatibilityClient, clientKinds, type Doors } from './clients.js';
import { type CellResult, compatibilityPage } from './compatibility-page.js';
import { serverKinds, startServers } from './servers.js';

const scratch = scratchFolder();
const notes = join(scratch.path, 'notes.txt');
const page = join(root, 'docs/compatibility.md');
const results: CellResult[] = [];

let servers: Awaited<ReturnType<typeof startServers>>;
let gateway: GatewayProcess;

beforeAll(async () => {
  servers = await startServers(scratch.path, notes);
  gateway = await startGateway(ownFolder('gateway'), configuration());
});

afterAll(async () => {
  await gateway.stop();
  servers.stop();
  scratch.remove();
});

function configuration(): object {
  return {
    auth: { mode: 'none' },
    names: { prefix: 'always' },
    upstreams: servers.upstreams,
    policy: { default: 'allow', rules: [{ id: 'all', match: { methods: ['*'] }, effect: 'allow' }] },
  };
}

function ownFolder(name: string): string {
  const path = join(scratch.path, name);
  mkdirSync(path);
  return path;
}

/** A client over stdio starts a gateway of its own; the others share one. */
function doorsFor({ transport, revision }: ClientKind): Doors {
  const path = transport === 'stdio' ? writeConfig(ownFolder(`stdio-${revision}`), configuration()) : '';
  const args = [gatewayMain, 'stdio', '--config', path];
  const env = childEnvironment(scratch.path);
  return { baseUrl: gateway.baseUrl, program: { command: process.execPath, args, env } };
}

const named = clientKinds.map(
  (kind) => [`a client of ${kind.revision} over ${kind.transport}`, kind] as const,
);

describe.each(named)('%s', (_, kind) => {
  let client: CompatibilityClient;

  beforeAll(async () => {
    client = await kind.connect(doorsFor(kind));
  });

  afterAll(() => client.close());

  it.each(serverKinds)('uses all of a $era server over $transport', async (server) => {
    const faults = await faultsOf({ kind, client, server: server.id, notes });
    results.push({ client: kind, server, faults });
    expect(faults).toEqual({});
  });
});

describe('docs/compatibility.md', () => {
  it('says what this run found', () => {
    const found = compatibilityPage(results, serverKinds);
    if (process.env.SALLYPORT_WRITE_DOCS === '1') writeFileSync(page, found);
    expect(readFileSync(page, 'utf8')).toBe(found);
  });
});
