import type { EffectiveConfig } from '../app/config/effective-config.js';
import type { LoadOptions } from '../app/config/load-config.js';
import { say } from './terminal.js';
import { visibleText } from './visible-text.js';

/** Options that every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly verbose?: boolean;
}

export interface JsonOption {
  readonly json?: boolean;
}

/** The common options in the words of `loadConfig`. */
export function loadOptions(options: CommonOptions): LoadOptions {
  return { file: options.config, dataDir: options.dataDir };
}

/** Tells what is accepted and still questionable. */
export function sayWarnings(config: EffectiveConfig): void {
  for (const warning of config.warnings) say(`warning: ${visibleText(warning)}`);
}
