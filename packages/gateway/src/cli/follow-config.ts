import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../app/config/config-error.js';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import { watchConfig } from '../app/config/watch-config.js';
import type { Gateway } from '../app/gateway.js';
import { systemClock } from '../lib/clock.js';
import type { Log } from '../model/log.js';

export interface Following {
  readonly gateway: Pick<Gateway, 'reload' | 'rejectReload'>;
  readonly config: EffectiveConfig;
  readonly load: () => Promise<EffectiveConfig>;
  readonly log: Log;
  /** Whether changes of the file count, or SIGHUP alone. */
  readonly watch: boolean;
}

/** Keeps a gateway at what its configuration says, on SIGHUP and on change; what it gives ends that. */
export async function followConfig(options: Following): Promise<() => Promise<void>> {
  const { config, watch } = options;
  const reload = createReloader(options);
  const onSignal = () => void reload(true);
  process.on('SIGHUP', onSignal);
  const { file } = config;
  const unwatch =
    watch && file !== undefined
      ? await watchConfig({ file, clock: systemClock, onChange: () => void reload(false) })
      : () => Promise.resolve();
  // What changed between the first reading and the beginning of the watch.
  if (watch) void reload(false);
  return async () => {
    process.off('SIGHUP', onSignal);
    await unwatch();
  };
}

/**
 * Reloads one after the other; never rejects. A configuration that did not change is nothing to reload, unless
 * somebody asked; one that cannot be read or cannot work leaves the one before in force.
 */
export function createReloader({ gateway, config, load, log }: Following): (asked: boolean) => Promise<void> {
  let current = config;
  let last = Promise.resolve();
  const refuseUnread = (cause: unknown): never => {
    if (cause instanceof ConfigError) gateway.rejectReload(cause);
    throw cause;
  };
  const reload = async (asked: boolean): Promise<void> => {
    const next = await load().catch(refuseUnread);
    if (!asked && isDeepStrictEqual(next, current)) return;
    await gateway.reload(next);
    current = next;
    for (const warning of next.warnings) log.warn({}, warning);
  };
  const refuse = (cause: unknown) => {
    // The gateway itself has said why it refused a configuration.
    if (cause instanceof ConfigError) return;
    log.error({ err: cause }, 'the configuration was not reloaded; the one before stays in force');
  };
  return (asked) => {
    last = last.then(() => reload(asked)).catch(refuse);
    return last;
  };
}
