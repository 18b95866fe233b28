import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, newerNode, obstacleTo } from '../fixtures/outside-package.js';
import {
  childEnvironment,
  type Ended,
  type GatewayProcess,
  gatewayMain,
  run,
  scratchFolder,
  startGateway,
  writeConfig,
} from './gateway-process.js';
import { sdk1, type WireReply } from './peers.js';
import { realServers, sampleFolder } from './real-servers.js';

const inspector = {
  folder: 'inspector',
  name: '@modelcontextprotocol/inspector',
  version: '2.12.0',
  file: 'clients/launcher/build/index.js',
};

const obstacle = await obstacleTo('the Inspector tests', [newerNode, inspector]);

const scratch = scratchFolder();
const env = { AGENT: 'inspector-token-01' };

describe.skipIf(obstacle !== undefined)('the Inspector', () => {
  const folder = sampleFolder(scratch.path);
  const servers = realServers(folder);
  const when = 'args.message == "xyzzy"';
  const config = {
    dataDir: 'http-data',
    auth: { tokens: [{ principal: 'inspector', tokens: ['env:AGENT'] }] },
    upstreams: servers,
    policy: {
      default: 'allow',
      // It asks for the list first and calls only what is in it, so the denial depends on the arguments.
      rules: [{ id: 'words', match: { tools: ['echo'] }, when, effect: 'deny', reason: 'Not that word.' }],
    },
  };
  let gateway: GatewayProcess;
  let direct: { names: string[]; sum: unknown; listing: unknown };

  beforeAll(async () => {
    const [everything, files] = await Promise.all([
      sdk1.connect(servers.everything),
      sdk1.connect(servers.files),
    ]);
    const lists = await Promise.all([everything.listTools(), files.listTools()]);
    direct = {
      names: lists.flatMap((list) => toolNames(list)).toSorted(),
      sum: (await everything.callTool('get-sum', { a: 2, b: 40 })).result,
      listing: (await files.callTool('list_directory', { path: folder })).result,
    };
    await Promise.all([everything.close(), files.close()]);
    gateway = await startGateway(scratch.path, config, env);
  });

  afterAll(async () => {
    await gateway.stop();
    scratch.remove();
  });

  /** It keeps a catalogue in its home, so its home is the test's own. */
  function inspect(target: readonly string[], ...args: string[]): Promise<Ended> {
    const command = [fileOf(newerNode), fileOf(inspector), '--cli', ...target, ...args];
    return run(command, { cwd: scratch.path, env: { ...childEnvironment(scratch.path), ...env } });
  }

  const faces = [
    ['over HTTP in the legacy era', () => overHttp('legacy')],
    ['over HTTP in the modern era', () => overHttp('modern')],
    [
      'over stdio',
      () => {
        // Its own option --config would take ours, so the gateway finds the file in the folder it starts in.
        const own = join(scratch.path, 'stdio');
        mkdirSync(own, { recursive: true });
        writeConfig(own, config);
        return [process.execPath, gatewayMain, 'stdio', '--cwd', own, '-e', `AGENT=${env.AGENT}`];
      },
    ],
  ] as const;

  function overHttp(era: string): string[] {
    const header = `Authorization: Bearer ${env.AGENT}`;
    const url = `${gateway.baseUrl}/mcp`;
    return ['--server-url', url, '--transport', 'http', '--header', header, '--protocol-era', era];
  }

  describe.each(faces)('%s', (_, target) => {
    it('lists the tools of both servers', async () => {
      const { stdout, stderr, code } = await inspect(target(), '--method', 'tools/list');
      expect(code, stderr).toBe(0);
      const { tools } = JSON.parse(stdout) as { tools: { name: string }[] };
      expect(tools.map((tool) => tool.name).toSorted()).toEqual(direct.names);
    });

    it('gets the results that the servers give directly', async () => {
      const call = ['--method', 'tools/call', '--tool-name'];
      const sum = await inspect(target(), ...call, 'get-sum', '--tool-arg', 'a=2', 'b=40');
      expect(JSON.parse(sum.stdout), sum.stderr).toMatchObject(direct.sum as object);
      const listing = await inspect(target(), ...call, 'list_directory', '--tool-arg', `path=${folder}`);
      expect(JSON.parse(listing.stdout), listing.stderr).toMatchObject(direct.listing as object);
    });

    it('reports a denial as the error that it is, with its reason', async () => {
      const call = ['--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'message=xyzzy'];
      const { stdout, stderr, code } = await inspect(target(), ...call);
      expect(stdout + stderr).toContain('Not that word.');
      expect(code).toBe(5);
    });
  });
});

function toolNames(list: WireReply): string[] {
  const { tools } = list.result as { tools: { name: string }[] };
  return tools.map((tool) => tool.name);
}
