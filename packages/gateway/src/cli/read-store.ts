import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import { systemClock } from '../lib/clock.js';
import { findLeftSegments } from '../store/left-segments.js';
import { openStore, type Store, type StoreOptions } from '../store/open-store.js';
import type { CommonOptions } from './common-options.js';
import { createLog } from './create-log.js';
import { existingStore } from './local-store.js';
import { atStore } from './store-fault.js';
import { say } from './terminal.js';
import { visibleText } from './visible-text.js';

/** Opens the store that the options mean to read it, for as long as `use` takes; one that is not there is a failure. */
export async function withStoreToRead<Result>(
  options: CommonOptions,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  return readStore(await existingStore(options), use);
}

/**
 * Reads a store also while nothing can be written: on a full disk people ask what happened. It is up to 200 ms behind a
 * running gateway (10 s while that is saturated), and holds what an ended one left in the journal.
 */
export function readStore<Result>(
  config: EffectiveConfig,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const directory = config.dataDir;
  const { durability } = config.audit;
  const options = { directory, durability, clock: systemClock, log: createLog('warn') };
  return atStore(directory, async () => {
    await bringIn(options);
    const store = await openStore({ ...options, writer: false });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  });
}

/** A writer takes over what ended gateways left; without any there is nothing to write. */
async function bringIn(options: StoreOptions): Promise<void> {
  const journal = join(options.directory, 'journal');
  if (!existsSync(journal) || findLeftSegments(journal, options.clock.now()).length === 0) return;
  try {
    const store = await openStore(options);
    await store.close();
  } catch (cause) {
    const why = visibleText(cause instanceof Error ? cause.message : String(cause));
    say(`warning: ${journal}: the last records of an ended gateway cannot be read now: ${why}`);
  }
}
