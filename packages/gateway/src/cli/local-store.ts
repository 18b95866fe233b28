import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import { configInMemory, loadConfig, locateConfig } from '../app/config/load-config.js';
import { systemClock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import { openStore, type Store } from '../store/open-store.js';
import { CliError } from './cli-error.js';
import { type CommonOptions, loadOptions } from './common-options.js';
import { createLog } from './create-log.js';
import { atStore } from './store-fault.js';

export interface StoreOptions extends CommonOptions {
  /** Whether a store is made where there is none; otherwise that is a failure. */
  readonly mayCreate?: boolean;
}

export interface LocalStore {
  readonly store: Store;
  readonly config: EffectiveConfig;
  readonly log: Log;
}

/**
 * Opens the store that the options mean for as long as `use` takes: that of the configuration, or without one the
 * folder that is named or `.sallyport` in this folder. A gateway may run on it at the same time.
 */
export async function withLocalStore<Result>(
  options: StoreOptions,
  use: (local: LocalStore) => Promise<Result>,
): Promise<Result> {
  const config = await (options.mayCreate === true ? storeConfig(options) : existingStore(options));
  const directory = config.dataDir;
  const { durability } = config.audit;
  const log = createLog('warn');
  return atStore(directory, async () => {
    const store = await openStore({ directory, durability, clock: systemClock, log });
    try {
      return await use({ store, config, log });
    } finally {
      await store.close();
    }
  });
}

/** The configuration of the store that the options mean; throws where no gateway has written one. */
export async function existingStore(options: CommonOptions): Promise<EffectiveConfig> {
  const config = await storeConfig(options);
  if (hasStore(config)) return config;
  const remedy = 'name the folder with --data-dir, or the configuration with --config';
  throw new CliError(`${config.dataDir}: found no store; expected one that a gateway has written; ${remedy}`);
}

export function hasStore({ dataDir }: EffectiveConfig): boolean {
  return existsSync(join(dataDir, 'sallyport.db'));
}

async function storeConfig(options: CommonOptions): Promise<EffectiveConfig> {
  const load = loadOptions(options);
  const file = await locateConfig(load);
  if (file !== undefined) return loadConfig({ ...load, file });
  return configInMemory({ upstreams: {} }, process.cwd(), load);
}

/** How a command that works on a store is repeated for the same one, from this folder. */
export function storeFlags(config: EffectiveConfig): string {
  const isWritten = /^(file|default)$/.test(config.origins.dataDir ?? '');
  if (config.file === undefined || !isWritten) return dataDirFlag(config);
  const isFound =
    dirname(config.file) === resolve('.') && basename(config.file).startsWith('sallyport.config.');
  return isFound ? '' : ` --config ${quoted(config.file)}`;
}

/** The same from any folder, for commands that read. */
export function dataDirFlag({ dataDir }: EffectiveConfig): string {
  return ` --data-dir ${quoted(dataDir)}`;
}

/** A path or another word as a shell takes it. */
export function quoted(path: string): string {
  if (/^[\w./:@-]+$/.test(path)) return path;
  return process.platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", `'\\''`)}'`;
}
