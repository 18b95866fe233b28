import { CliError } from './cli-error.js';

/** Headers as `--header "Name: value or reference"` gives them. */
export function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers = lines.map((line) => {
    const at = line.indexOf(':');
    if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
    throw new CliError(
      '--header: found no "Name: value"; expected for example "Authorization: env:TOKEN"',
      2,
    );
  });
  return Object.fromEntries(headers);
}
