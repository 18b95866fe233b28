import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ConfigError } from './config-error.js';
import type { ConfigFile, Position } from './config-file.js';
import { configModules } from './config-modules.js';

/** Packages from which Cordon's files import `defineConfig`. */
const cordonPackages = ['@getcordon/policy', 'cordon-sdk'];

/**
 * Runs a configuration file in TypeScript or JavaScript and takes its default export. `sallyport`, and what Cordon's
 * files import, can be imported in it even where nothing is installed; nothing is cached, so that a reload sees every
 * change.
 */
export async function readCode(file: string): Promise<ConfigFile> {
  const { createJiti } = await import('jiti');
  const foreign = new WeakSet<object>();
  const defineForeign = (config: object) => {
    foreign.add(config);
    return config;
  };
  const jiti = createJiti(pathToFileURL(file).href, {
    fsCache: false,
    moduleCache: false,
    virtualModules: {
      ...configModules,
      ...Object.fromEntries(cordonPackages.map((name) => [name, { defineConfig: defineForeign }])),
    },
  });
  const value = await defaultExport(file, () => jiti.import(file));
  const variables = await variablesIn(file);
  return { file, value, variables, isCordon: foreign.has(value), locate: () => undefined };
}

/** What the variables that the text names have for values now. */
async function variablesIn(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8');
  return Object.fromEntries(variableNamesIn(text).map((name) => [name, process.env[name] ?? '']));
}

/** The variables that the text of a file reads: `process.env.A`, `process.env['A']`, `const { A } = process.env`. */
export function variableNamesIn(text: string): string[] {
  const reads = text.matchAll(
    /process\??\.env(?:\s*\??\.\s*([A-Za-z_]\w*)|(?:\?\.)?\[\s*['"`]([A-Za-z_]\w*)['"`]\s*\])/g,
  );
  const taken = [...text.matchAll(/\{([^{}]*)\}\s*=\s*process\??\.env\b/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => /^\s*([A-Za-z_]\w*)/.exec(name)?.[1]),
  );
  const names = [...reads].map(([, dotted, quoted]) => dotted ?? quoted);
  return [...new Set([...names, ...taken])].filter((name) => name !== undefined);
}

async function defaultExport(file: string, load: () => Promise<unknown>): Promise<object> {
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
