import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { openGateway } from '../../app/gateway.js';
import { systemClock } from '../../lib/clock.js';
import { CliError } from '../cli-error.js';
import type { CommonOptions } from '../common-options.js';
import { createLog } from '../create-log.js';
import { type DemoServers, writeDemo } from '../demo-files.js';
import { makeDemoKeys } from '../demo-keys.js';
import { demoScreen } from '../demo-screen.js';
import { findServer } from '../find-server.js';
import { createConfigFollower } from '../follow-config.js';
import { freePort } from '../free-port.js';
import { parseCount } from '../parse-count.js';
import { serveUntilSignal } from '../serve-until-signal.js';
import { stopSignal } from '../stop-signal.js';
import { atStore } from '../store-fault.js';
import { print, say } from '../terminal.js';

interface DemoOptions extends CommonOptions {
  readonly port?: string;
}

const host = '127.0.0.1';
const usualPort = 7777;
const packages = [
  '@modelcontextprotocol/server-everything',
  '@modelcontextprotocol/server-filesystem',
] as const;

/** `demo`: a gateway with real servers, keys and calls to try, until Ctrl-C. */
export async function demo(options: DemoOptions): Promise<number> {
  const wanted = parseCount('--port', options.port ?? String(usualPort), [1, 65_535]);
  const stopped = stopSignal();
  const follower = createConfigFollower();
  const servers = await findServers();
  const port = await freePort(host, wanted);
  if (port !== wanted) say(`Port ${wanted} is taken; using ${port}.`);
  const folder = await writeDemo(process.cwd(), port, servers);
  const load = (): Promise<EffectiveConfig> =>
    loadConfig({ file: folder.config, host, port, logLevel: 'warn' });
  const config = await load();
  const keys = await makeDemoKeys(folder.config);
  const log = createLog(config.log.level);
  const gateway = await atStore(config.dataDir, () =>
    openGateway({ config, log, clock: systemClock, mode: 'serve' }),
  );
  const greet = async (url: string) => {
    await follower.begin({ gateway, config, load, log, watch: true });
    for (const line of demoScreen({ url, keys, folder })) print(line);
  };
  return serveUntilSignal({ gateway, stopped, greet, follower });
}

async function findServers(): Promise<DemoServers> {
  const [everything, filesystem] = await Promise.all(packages.map((name) => findServer(name, process.cwd())));
  if (everything !== undefined && filesystem !== undefined) return { everything, filesystem };
  const missing = packages.filter((_, index) => [everything, filesystem][index] === undefined);
  const remedy = `install them with "npm install ${packages.join(' ')}" in this folder and try again`;
  const other = 'or put any server behind the gateway: sallyport run -- npx -y SERVER';
  throw new CliError(
    `demo: found no ${missing.join(' and no ')}; expected both sample servers; ${remedy}, ${other}`,
  );
}
