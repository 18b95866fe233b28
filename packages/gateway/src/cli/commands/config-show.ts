import { Document, isScalar } from 'yaml';
import type { Config } from '#contract';
import { formatPath } from '../../app/config/describe-value.js';
import { loadConfig } from '../../app/config/load-config.js';
import { leafPaths } from '../../app/config/origins.js';
import { shownSettings } from '../../app/shown-settings.js';
import { type CommonOptions, type JsonOption, loadOptions, sayWarnings } from '../common-options.js';
import { print, printJson } from '../terminal.js';

/** `config show`: what is in effect and why, fit for a ticket: no secret in it. */
export async function show(options: CommonOptions & JsonOption): Promise<number> {
  const config = await loadConfig(loadOptions(options));
  sayWarnings(config);
  const shown = shownSettings(config);
  if (options.json === true) printJson({ file: config.file, config: shown, origins: config.origins });
  else print(annotated(shown, config.origins).trimEnd());
  return 0;
}

/** YAML in which each value carries its origin as a comment; empty lists and mappings have no place for one. */
function annotated(config: Config, origins: Readonly<Record<string, string>>): string {
  const document = new Document(config);
  for (const path of leafPaths(config)) {
    const node = document.getIn(path, true);
    const origin = origins[formatPath(path)];
    if (isScalar(node) && origin !== undefined) node.comment = ` ${origin}`;
  }
  return document.toString({ lineWidth: 0 });
}
