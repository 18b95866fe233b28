import type { CommonOptions, JsonOption } from '../common-options.js';
import type { GatewayOptions } from '../gateway-options.js';
import { withKeys } from '../keys-at.js';
import { printIssuedKey } from '../print-issued-key.js';
import { readDuration } from '../read-duration.js';
import { say } from '../terminal.js';

interface RotateOptions extends CommonOptions, JsonOption, GatewayOptions {
  readonly overlap: string;
}

/** `keys rotate ID`: a new key for the same caller; the old one ends after the overlap. */
export async function rotateKey(options: RotateOptions, [id = '']: readonly string[]): Promise<number> {
  const overlapMs = readDuration('--overlap', options.overlap);
  const issued = await withKeys(options, (keys) => keys.rotate(id, { overlapMs }));
  printIssuedKey(issued, options);
  say(`Key ${id} still works for ${options.overlap}.`);
  return 0;
}
