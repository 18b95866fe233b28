import type { Store } from '../store/open-store.js';

const bytes = 32;

/** What keys are hashed with: kept in a file of its own beside the database, made on first use. */
export function openPepper(store: Store): Uint8Array {
  return store.secretFile('pepper', bytes);
}
