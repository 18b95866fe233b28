import { checkExposure } from '../../app/config/check-exposure.js';
import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { openGateway } from '../../app/gateway.js';
import { stateOfKey } from '../../identity/key-ring.js';
import { systemClock } from '../../lib/clock.js';
import type { Log } from '../../model/log.js';
import { openStore } from '../../store/open-store.js';
import { type CommonOptions, loadOptions, sayWarnings } from '../common-options.js';
import { createLog } from '../create-log.js';
import { followConfig } from '../follow-config.js';
import { storeFlags } from '../local-store.js';
import { serveUntilSignal } from '../serve-until-signal.js';
import { stopSignal } from '../stop-signal.js';
import { say } from '../terminal.js';

interface StartOptions extends CommonOptions {
  readonly host?: string;
  readonly port?: string;
  readonly logLevel?: string;
  readonly watch: boolean;
}

/** `start`: the gateway over HTTP, until a signal. */
export async function start(options: StartOptions): Promise<number> {
  const { host, port, logLevel, watch } = options;
  const stopped = stopSignal();
  const load = () => loadConfig({ ...loadOptions(options), host, port, logLevel });
  const config = await load();
  sayWarnings(config);
  const log = createLog(config.log.level);
  const hasCallers = await mayAnybodyCall(config, log);
  checkExposure(config, hasCallers);
  const gateway = await openGateway({ config, log, clock: systemClock, mode: 'serve' });
  let unfollow = () => Promise.resolve();
  const greet = async (url: string) => {
    unfollow = await followConfig({ gateway, config, load, log, watch });
    say(`Sallyport listens on ${url}/mcp`);
    if (hasCallers) return;
    say(`Nobody can call yet. Make a key: sallyport keys create --principal NAME${storeFlags(config)}`);
  };
  try {
    return await serveUntilSignal({ gateway, stopped, greet });
  } finally {
    await unfollow();
  }
}

async function mayAnybodyCall(config: EffectiveConfig, log: Log): Promise<boolean> {
  if (config.auth.mode === 'none' || config.auth.tokens.length > 0) return true;
  const { durability } = config.audit;
  const store = await openStore({
    directory: config.dataDir,
    durability,
    clock: systemClock,
    log,
    writer: false,
  });
  try {
    const keys = await store.keys.list();
    return keys.some((key) => stateOfKey(key, systemClock.now()) === 'active');
  } finally {
    await store.close();
  }
}
