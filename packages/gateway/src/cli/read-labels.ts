import { CliError } from './cli-error.js';

/** The labels of `--label NAME=VALUE`, given any number of times. */
export function readLabels(entries: readonly string[]): Record<string, string> {
  const pairs = entries.map((entry) => {
    const at = entry.indexOf('=');
    if (at > 0) return [entry.slice(0, at), entry.slice(at + 1)] as const;
    throw new CliError(`--label: found ${JSON.stringify(entry)}; expected NAME=VALUE`, 2);
  });
  return Object.fromEntries(pairs);
}
