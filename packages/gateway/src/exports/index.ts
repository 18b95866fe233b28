import type { ConfigInput } from '#contract';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import type { Gateway } from '../app/gateway.js';
import type { Log } from '../model/log.js';

export { ConfigError, type ConfigProblem } from '../app/config/config-error.js';
export { defineConfig } from '../app/config/define-config.js';
export {
  matchAction,
  matchActor,
  matchAll,
  matchAny,
  matchContextEq,
  matchContextExists,
  matchContextGt,
  matchContextGte,
  matchContextIn,
  matchContextLt,
  matchContextLte,
  matchContextRegex,
  matchDestination,
  matchNot,
  matchSystem,
  matchTool,
} from '../policy/risk/build-matchers.js';
export { Wave } from '../policy/risk/wave.js';
export type { ConfigInput, EffectiveConfig, Gateway, Log };

export interface CreateGatewayOptions {
  /** The configuration as people write it; `file` instead reads one. */
  readonly config?: ConfigInput;
  /** A configuration file; without `config` and `file` the one in `baseDir`. */
  readonly file?: string;
  /** The folder that relative paths start from, by default the current one. */
  readonly baseDir?: string;
  /** Where the gateway logs; by default nowhere. */
  readonly log?: Log;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Puts a gateway together without starting it. Rejects with ConfigError, which holds every problem at once. */
export async function createGateway(options: CreateGatewayOptions = {}): Promise<Gateway> {
  // A configuration file imports this module for `defineConfig` alone, so the gateway is loaded when it is wanted.
  const [{ openGateway }, { configInMemory, loadConfig }, { systemClock }] = await Promise.all([
    import('../app/gateway.js'),
    import('../app/config/load-config.js'),
    import('../lib/clock.js'),
  ]);
  const { baseDir = process.cwd(), log = silent } = options;
  const config =
    options.config === undefined
      ? await loadConfig({ file: options.file, cwd: baseDir })
      : await configInMemory(options.config, baseDir);
  return openGateway({ config, log, clock: systemClock, mode: 'serve' });
}
