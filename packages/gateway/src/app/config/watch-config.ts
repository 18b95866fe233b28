import { basename, dirname } from 'node:path';
import type { Clock } from '../../lib/clock.js';

/** Editors and configuration maps change several files in a row; this long after the last one it is over. */
const settleMs = 100;

export interface WatchOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Called once after each burst of changes; whether anything really changed is for the reader to find out. */
  readonly onChange: () => void;
}

/**
 * Watches the folder of a configuration file: a Kubernetes ConfigMap swaps a link beside the file (`..data`) and
 * never touches the file itself. Resolves when the watch has begun; what it gives ends the watch.
 */
export async function watchConfig({ file, clock, onChange }: WatchOptions): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  const folder = dirname(file);
  const watcher = watch(folder, { depth: 0, followSymlinks: false, ignoreInitial: true });
  let cancel = () => {};
  watcher.on('all', (_event, path) => {
    if (!concerns(basename(path), file)) return;
    cancel();
    cancel = clock.after(settleMs, onChange);
  });
  // A watch that breaks leaves SIGHUP as the way to reload.
  watcher.on('error', () => {});
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return async () => {
    cancel();
    await watcher.close();
  };
}

function concerns(name: string, file: string): boolean {
  if (name === basename(file) || name === '.env' || name === '..data') return true;
  // Code imports its neighbours.
  return /\.(ts|js|mjs)$/.test(file) && /\.(ts|js|mjs|json)$/.test(name);
}
