import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/config-error.js';
import { namedConfig } from '../config/find-config.js';
import { readConfigFile } from '../config/load-config.js';
import { variableNamesIn } from '../config/read-code.js';
import { validateConfig } from '../config/validate-config.js';
import { translateFile } from './translate-file.js';
import type { Translation } from './translation.js';

/**
 * Reads and translates a file to write it anew. Code runs with references in the place of the variables that it names, so
 * that the variables and not their values are written. Throws ConfigError with every problem.
 */
export async function readForMigration(file: string, folder: string): Promise<Translation> {
  const path = await namedConfig(file, folder);
  const read = /\.(?:ts|js|mjs)$/.test(path) ? await withReferences(path) : await readConfigFile(path);
  const translation = translateFile({ ...read, variables: {} });
  if (translation === undefined) {
    const message =
      'found the native form, or nothing that is known; expected a file of Haldir, Cordon, Intercept or an MCP client';
    throw new ConfigError([{ path: '', message, file: path }]);
  }
  validateConfig(translation.config, {
    file: { ...read, locate: (at) => read.locate(translation.sourceOf(at)) },
  });
  return translation;
}

async function withReferences(path: string) {
  const text = await readFile(path, 'utf8');
  const names = variableNamesIn(text);
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = `\${env:${name}}`;
  try {
    return await readConfigFile(path);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
