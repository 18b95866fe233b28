import type { CommonOptions, JsonOption } from '../common-options.js';
import { keyJson } from '../format-key.js';
import type { GatewayOptions } from '../gateway-options.js';
import { withKeys } from '../keys-at.js';
import { printJson, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

/** `keys revoke ID`: running gateways refuse the key within five seconds. */
export async function revokeKey(
  options: CommonOptions & JsonOption & GatewayOptions,
  [id = '']: readonly string[],
): Promise<number> {
  const key = await withKeys(options, (keys) => keys.revoke(id));
  if (options.json === true) printJson(keyJson(key));
  say(`Key ${key.id} of ${visibleText(key.principal)} is revoked.`);
  return 0;
}
