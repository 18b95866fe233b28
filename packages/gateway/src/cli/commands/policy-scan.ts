import { writeFileSync } from 'node:fs';
import { loadConfig } from '../../app/config/load-config.js';
import { withRecordedUpstreams } from '../../app/policy-tools/recorded-upstreams.js';
import { sortTool } from '../../app/policy-tools/sort-tools.js';
import { suggestPolicy } from '../../app/policy-tools/suggest-policy.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, type JsonOption, loadOptions } from '../common-options.js';
import { print, printJson, say } from '../terminal.js';
import { snapshotFor, type ToolsOption } from '../tool-source.js';
import { visibleText } from '../visible-text.js';

interface ScanOptions extends CommonOptions, JsonOption, ToolsOption {
  readonly upstream: readonly string[];
  readonly out?: string;
}

/** `policy scan`: a commented policy to start from, by what servers offer. Changes no configuration. */
export async function scan(options: ScanOptions): Promise<number> {
  const config = await loadConfig(loadOptions(options));
  const stranger = options.upstream.find((id) => !Object.hasOwn(config.upstreams, id));
  if (stranger !== undefined) {
    const ids = Object.keys(config.upstreams).join(', ');
    throw new CliError(`--upstream: found ${JSON.stringify(stranger)}; expected one of ${ids}`, 2);
  }
  const isWanted = (id: string) => options.upstream.length === 0 || options.upstream.includes(id);
  const snapshot = await snapshotFor(config, options.tools);
  const known = await withRecordedUpstreams(config, snapshot, (upstreams) => upstreams.tools());
  const tools = known.filter(({ upstream }) => isWanted(upstream));
  if (options.json === true) {
    const sorted = tools.map(sortTool).map(({ tool, group, because }) => {
      const { upstream, name, exposedName } = tool;
      return { upstream, name, exposedName, group, because };
    });
    printJson({ tools: sorted });
    return 0;
  }
  const text = suggestPolicy(tools, visibleText);
  if (options.out === undefined) print(text.trimEnd());
  else write(options.out, text);
  return 0;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    say(`Wrote ${file}.`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`--out: ${why}; nothing is overwritten`, 1, cause);
  }
}
