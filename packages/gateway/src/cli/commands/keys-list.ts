import type { CommonOptions, JsonOption } from '../common-options.js';
import { keyCells, keyHeadings, keyJson } from '../format-key.js';
import { withKeyRing } from '../local-key-ring.js';
import { printTable } from '../print-table.js';
import { printJson } from '../terminal.js';

/** `keys list`: ids and circumstances, never a key. */
export async function listKeys(options: CommonOptions & JsonOption): Promise<number> {
  const keys = await withKeyRing(options, ({ ring }) => ring.list());
  if (options.json === true) printJson({ keys: keys.map((key) => keyJson(key)) });
  else {
    const remedy = 'There is no key yet. Make one: sallyport keys create --principal NAME';
    printTable(keyHeadings, keys.map(keyCells), remedy);
  }
  return 0;
}
