import { loadConfig } from '../../app/config/load-config.js';
import { openGateway } from '../../app/gateway.js';
import type { GatewayOptions } from '../../app/gateway-options.js';
import { systemClock } from '../../lib/clock.js';
import { type CommonOptions, loadOptions, sayWarnings } from '../common-options.js';
import { createLog } from '../create-log.js';
import { createConfigFollower } from '../follow-config.js';
import { storeFlags } from '../local-store.js';
import { serveUntilSignal } from '../serve-until-signal.js';
import { stopSignal } from '../stop-signal.js';
import { atStore } from '../store-fault.js';
import { say } from '../terminal.js';

interface StartOptions extends CommonOptions {
  readonly host?: string;
  readonly port?: string;
  readonly logLevel?: string;
  readonly watch: boolean;
  readonly prompt: boolean;
}

/** Without channels in the configuration, whoever started it at a terminal and can see what it says is asked there. */
function promptFor({ prompt }: StartOptions): NonNullable<GatewayOptions['prompt']> {
  if (!prompt) return 'off';
  return process.stdin.isTTY && process.stderr.isTTY ? 'auto' : 'configured';
}

/** `start`: the gateway over HTTP, until a signal. */
export async function start(options: StartOptions): Promise<number> {
  const { host, port, logLevel, watch } = options;
  const stopped = stopSignal();
  const follower = createConfigFollower();
  const load = () => loadConfig({ ...loadOptions(options), host, port, logLevel });
  const config = await load();
  sayWarnings(config);
  const log = createLog(config.log.level);
  const gateway = await atStore(config.dataDir, () =>
    openGateway({ config, log, clock: systemClock, mode: 'serve', prompt: promptFor(options) }),
  );
  const greet = async (url: string) => {
    await follower.begin({ gateway, config, load, log, watch });
    say(`Sallyport listens on ${url}/mcp`);
    if (await gateway.hasCallers()) return;
    say(`Nobody can call yet. Make a key: sallyport keys create --principal NAME${storeFlags(config)}`);
    const { token } = gateway.firstKey;
    if (token !== undefined)
      say(`Or make the first one over HTTP, within the hour: POST /v1/setup {"token":"${token}"}`);
  };
  return serveUntilSignal({ gateway, stopped, greet, follower });
}
