import { Document, isScalar } from 'yaml';
import type { Config } from '#contract';
import { formatPath } from '../../app/config/describe-value.js';
import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { loadConfig } from '../../app/config/load-config.js';
import { maskConfig } from '../../app/config/mask-config.js';
import { leafPaths } from '../../app/config/origins.js';
import { type CommonOptions, type JsonOption, loadOptions, sayWarnings } from '../common-options.js';
import { print, printJson } from '../terminal.js';

/** `config show`: what is in effect and why, fit for a ticket: no secret in it. */
export async function show(options: CommonOptions & JsonOption): Promise<number> {
  const config = await loadConfig(loadOptions(options));
  sayWarnings(config);
  const shown = maskConfig(settingsOf(config));
  if (options.json === true) printJson({ file: config.file, config: shown, origins: config.origins });
  else print(annotated(shown, config.origins).trimEnd());
  return 0;
}

/** The configuration without what is only known about it. */
function settingsOf(config: EffectiveConfig): Config {
  const {
    file: _f,
    baseDir: _b,
    environment: _e,
    origins: _o,
    ruleOrigins: _r,
    warnings: _w,
    ...settings
  } = config;
  return settings;
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
