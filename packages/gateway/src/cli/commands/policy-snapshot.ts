import { writeFileSync } from 'node:fs';
import { loadConfig } from '../../app/config/load-config.js';
import { snapshotText } from '../../app/policy-tools/offer-snapshot.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, loadOptions } from '../common-options.js';
import { print, say } from '../terminal.js';
import { snapshotFor, type ToolsOption } from '../tool-source.js';

interface SnapshotOptions extends CommonOptions, ToolsOption {
  readonly out?: string;
}

/** `policy snapshot`: what servers offer, as a file by which the other commands work without them. */
export async function snapshot(options: SnapshotOptions): Promise<number> {
  const config = await loadConfig(loadOptions(options));
  const offers = await snapshotFor(config, options.tools ?? 'live');
  const missing = Object.keys(config.upstreams).filter((id) => !Object.hasOwn(offers, id));
  if (missing.length > 0) say(`warning: not in the snapshot, as they are not up: ${missing.join(', ')}`);
  const text = snapshotText(offers);
  if (options.out === undefined) print(text.trimEnd());
  else writeOut(options.out, text);
  return missing.length === 0 ? 0 : 1;
}

function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new CliError(`--out: ${cause instanceof Error ? cause.message : String(cause)}`, 1, cause);
  }
}
