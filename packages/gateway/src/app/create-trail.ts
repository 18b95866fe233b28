import { hostname } from 'node:os';
import type { ContentPolicy } from '../audit/keep-content.js';
import { Trail, type TrailOptions } from '../audit/trail.js';
import type { Store } from '../store/open-store.js';
import type { EffectiveConfig } from './config/effective-config.js';

/** The trail of a store, written by this process. */
export function createTrail(
  store: Store,
  options: Pick<TrailOptions, 'clock' | 'log' | 'content' | 'redact'>,
): Trail {
  return new Trail({
    ...options,
    commit: (entry) => store.journal.commit(entry),
    writer: `${hostname()}/${process.pid}`,
    logName: 'sallyport/audit/default',
  });
}

/** What a configuration keeps of arguments and results. */
export function contentPolicyOf({ audit }: EffectiveConfig): ContentPolicy {
  return { args: audit.arguments, result: audit.results, maxBytes: audit.maxPayloadBytes };
}
