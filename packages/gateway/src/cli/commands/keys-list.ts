import { stateOfKey } from '../../identity/key-ring.js';
import { systemClock } from '../../lib/clock.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { keyCells, keyHeadings, keyJson } from '../format-key.js';
import { printTable } from '../print-table.js';
import { withStoreToRead } from '../read-store.js';
import { printJson } from '../terminal.js';

/** `keys list`: ids and circumstances, never a key. */
export async function listKeys(options: CommonOptions & JsonOption): Promise<number> {
  const rows = await withStoreToRead(options, (store) => store.keys.list());
  const now = systemClock.now();
  const keys = rows.map((row) => ({ ...row, state: stateOfKey(row, now) }));
  if (options.json === true) printJson({ keys: keys.map((key) => keyJson(key)) });
  else {
    const remedy = 'There is no key yet. Make one: sallyport keys create --principal NAME';
    printTable(keyHeadings, keys.map(keyCells), remedy);
  }
  return 0;
}
