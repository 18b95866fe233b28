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

/** Keeps a gateway at what its configuration says. */
export interface ConfigFollower {
  /** From now on the gateway follows, first of all what was asked for before. Called once, when it is open. */
  begin(following: Following): Promise<void>;
  /** No new reload; resolves when the one under way is over. */
  end(): Promise<void>;
}

/** Listens to SIGHUP at once and to the end of the process, since a signal that nobody hears would end it. */
export function createConfigFollower(): ConfigFollower {
  let asked = false;
  let ended = false;
  let beginning = Promise.resolve();
  let reloading = Promise.resolve();
  let reload = (again: boolean): void => {
    asked ||= again;
  };
  let unwatch = (): Promise<void> => Promise.resolve();
  process.on('SIGHUP', () => reload(true));
  const follow = async (following: Following): Promise<void> => {
    const { config, watch } = following;
    const reloadNow = createReloader(following);
    reload = (again) => {
      if (!ended) reloading = reloadNow(again);
    };
    if (watch && config.file !== undefined) {
      unwatch = await watchConfig({ file: config.file, clock: systemClock, onChange: () => reload(false) });
    }
    // Asked for before, or changed between the first reading and the beginning of the watch.
    if (asked || watch) reload(asked);
  };
  return {
    begin(following) {
      if (!ended) beginning = follow(following);
      return beginning;
    },
    async end() {
      ended = true;
      await beginning.catch(() => undefined);
      await unwatch();
      await reloading;
    },
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
