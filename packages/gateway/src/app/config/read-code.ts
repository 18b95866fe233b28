import { pathToFileURL } from 'node:url';
import { ConfigError } from './config-error.js';
import type { ConfigFile, Position } from './config-file.js';
import { defineConfig } from './define-config.js';

/**
 * Runs a configuration file in TypeScript or JavaScript and takes its default export. `sallyport` can be imported
 * in it even where nothing is installed; nothing is cached, so that a reload sees every change.
 */
export async function readCode(file: string): Promise<ConfigFile> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(file).href, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { sallyport: { defineConfig } },
  });
  const value = await defaultExport(file, () => jiti.import(file));
  return { file, value, locate: () => undefined };
}

async function defaultExport(file: string, load: () => Promise<unknown>): Promise<unknown> {
  let loaded: unknown;
  try {
    loaded = await load();
    if (isObject(loaded) && 'default' in loaded) loaded = await loaded.default;
    else loaded = undefined;
  } catch (cause) {
    throw new ConfigError(
      [{ path: '', message: sentence(file, cause), file, ...positionIn(file, cause) }],
      cause,
    );
  }
  if (isObject(loaded)) return loaded;
  const expected = 'export default defineConfig({ … })';
  throw new ConfigError([
    { path: '', message: `found no configuration as default export; expected ${expected}`, file },
  ]);
}

function sentence(file: string, cause: unknown): string {
  const [text = ''] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n');
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(text)?.[1];
  if (missing !== undefined)
    return `the file imports ${JSON.stringify(missing)}, which is not there; install it or remove the import`;
  return `the file cannot be run: ${text
    .replaceAll(file, '')
    .replace(/\s+:[\d:]+$/, '')
    .trim()}`;
}

/** The place in the file that the message or the stack names. */
function positionIn(file: string, cause: unknown): Position | undefined {
  if (!(cause instanceof Error)) return undefined;
  for (const text of [cause.message, cause.stack ?? '']) {
    const from = text.indexOf(`${file}:`);
    const found = from < 0 ? null : /^:(\d+):(\d+)/.exec(text.slice(from + file.length));
    if (found !== null) return { line: Number(found[1]), column: Number(found[2]) };
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
