import type { IssuedKey } from '../identity/key-ring.js';
import type { JsonOption } from './common-options.js';
import { keyJson } from './format-key.js';
import { localTime } from './format-record.js';
import { print, printJson, say } from './terminal.js';
import { visibleText } from './visible-text.js';

/** The one time that a key is shown. */
export function printIssuedKey({ text, key }: IssuedKey, options: JsonOption): void {
  if (options.json === true) printJson(keyJson(key, text));
  else print(text);
  const until = key.expiresAt === undefined ? '' : `, until ${localTime(key.expiresAt).slice(0, 16)}`;
  say(`This is key ${key.id} of ${visibleText(key.principal)}${until}. Keep it now: it is not shown again.`);
}
