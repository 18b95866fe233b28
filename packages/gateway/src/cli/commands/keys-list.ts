import { type KeySummary, stateOfKey } from '../../identity/key-ring.js';
import { systemClock } from '../../lib/clock.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { keyCells, keyHeadings, keyJson } from '../format-key.js';
import type { GatewayOptions } from '../gateway-options.js';
import { withKeys } from '../keys-at.js';
import { printTable } from '../print-table.js';
import { withStoreToRead } from '../read-store.js';
import { printJson } from '../terminal.js';

/** `keys list`: ids and circumstances, never a key. */
export async function listKeys(options: CommonOptions & JsonOption & GatewayOptions): Promise<number> {
  const keys = await (options.gateway === undefined
    ? keysHere(options)
    : withKeys(options, (at) => at.list()));
  if (options.json === true) printJson({ keys: keys.map((key) => keyJson(key)) });
  else {
    const remedy = 'There is no key yet. Make one: sallyport keys create --principal NAME';
    printTable(keyHeadings, keys.map(keyCells), remedy);
  }
  return 0;
}

/** Read only: a look needs no right to write the store. */
async function keysHere(options: CommonOptions): Promise<KeySummary[]> {
  const rows = await withStoreToRead(options, (store) => store.keys.list());
  const now = systemClock.now();
  return rows.map((row) => ({ ...row, state: stateOfKey(row, now) }));
}
