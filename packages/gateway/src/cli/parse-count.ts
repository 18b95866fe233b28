import { CliError } from './cli-error.js';

/** A whole number from `least` to `most`; `option` names the place for the message. */
export function parseCount(option: string, text: string, [least, most]: readonly [number, number]): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  const expected = `a whole number from ${least} to ${most}`;
  throw new CliError(`${option}: found ${JSON.stringify(text)}; expected ${expected}`, 2);
}
