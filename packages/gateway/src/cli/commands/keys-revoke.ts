import type { CommonOptions, JsonOption } from '../common-options.js';
import { keyJson } from '../format-key.js';
import { withKeyRing } from '../local-key-ring.js';
import { printJson, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

/** `keys revoke ID`: running gateways refuse the key within five seconds. */
export async function revokeKey(
  options: CommonOptions & JsonOption,
  [id = '']: readonly string[],
): Promise<number> {
  const key = await withKeyRing(options, async ({ ring, record }) => {
    const revoked = await ring.revoke(id);
    await record('key.revoked', revoked);
    return revoked;
  });
  if (options.json === true) printJson(keyJson(key));
  say(`Key ${key.id} of ${visibleText(key.principal)} is revoked.`);
  return 0;
}
