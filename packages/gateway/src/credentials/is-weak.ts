import type { Secret } from '../model/secret.js';

/** About 80 bits where each character is of 32 kinds. */
const shortest = 16;
const fewestKinds = 6;
/** Words of values that are printed somewhere; they say nothing that nobody knows. */
const known = /change[-_ ]?me|secret|api|key|token|password|example|default|admin/gi;

/** Whether a token can be guessed: too short without words that everybody tries, or of too few characters. */
export function isWeak(secret: Secret): boolean {
  const unknown = secret.reveal().replaceAll(known, '');
  return unknown.length < shortest || new Set(unknown).size < fewestKinds;
}
