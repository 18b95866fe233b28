import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConfigInput } from '#contract';
import { decodeUtf8, JsonFault } from '../../lib/json/parse-json.js';
import { ConfigError } from './config-error.js';
import type { ConfigFile } from './config-file.js';
import { type EffectiveConfig, type RuleOrigin, withAbsolutePaths } from './effective-config.js';
import { type Environment, processEnvironment, readEnvironment } from './environment.js';
import { findConfig, namedConfig, noConfig } from './find-config.js';
import { findLiteralSecrets } from './find-literal-secrets.js';
import { findOrigins } from './origins.js';
import { applyOverrides, type Flags, readOverrides, unknownVariables } from './overrides.js';
import { validateConfig } from './validate-config.js';

export interface LoadOptions extends Omit<Flags, 'cwd'> {
  /** The file that `--config` names; without it SALLYPORT_CONFIG, without that the one in the folder. */
  readonly file?: string | undefined;
  /** The folder to look in, by default the current one. */
  readonly cwd?: string | undefined;
  /** Stands in for the environment of the process. */
  readonly environment?: Record<string, string>;
}

/** Finds, reads and checks the configuration; throws ConfigError with every problem at once. */
export async function loadConfig(options: LoadOptions = {}): Promise<EffectiveConfig> {
  const { cwd = process.cwd(), environment: real = processEnvironment() } = options;
  const file = await locateConfig(options);
  if (file === undefined) throw noConfig(cwd);
  const baseDir = dirname(file);
  const environment = await readEnvironment(baseDir, real);
  return build({ raw: await readConfigFile(file), baseDir, environment, flags: { ...options, cwd } });
}

/** The file that `loadConfig` would read, or nothing where there is none. */
export async function locateConfig(options: LoadOptions = {}): Promise<string | undefined> {
  const { cwd = process.cwd(), environment = processEnvironment() } = options;
  const named = options.file ?? (environment.SALLYPORT_CONFIG || undefined);
  return named === undefined ? findConfig(cwd) : namedConfig(named, cwd);
}

/** Checks a configuration that was made in memory; relative paths and `.env` belong to `baseDir`. */
export async function configInMemory(
  input: ConfigInput,
  baseDir: string,
  options: LoadOptions = {},
): Promise<EffectiveConfig> {
  const environment = await readEnvironment(baseDir, options.environment ?? processEnvironment());
  const cwd = options.cwd ?? process.cwd();
  return build({ raw: input, baseDir, environment, flags: { ...options, cwd } });
}

interface Ingredients {
  readonly raw: ConfigFile | ConfigInput;
  readonly baseDir: string;
  readonly environment: Environment;
  readonly flags: Flags;
}

function build({ raw, baseDir, environment, flags }: Ingredients): EffectiveConfig {
  const file = 'locate' in raw ? raw : undefined;
  const written = file === undefined ? raw : file.value;
  const overrides = readOverrides(flags, environment);
  const source = { overrides, baseDir, ...(file === undefined ? {} : { file }) };
  const config = withAbsolutePaths(validateConfig(applyOverrides(written, overrides), source), baseDir);
  return {
    ...config,
    ...(file === undefined ? {} : { file: file.file }),
    baseDir,
    environment: environment.values,
    origins: findOrigins(
      config,
      { value: written, origin: file === undefined ? 'given' : 'file' },
      overrides,
    ),
    ruleOrigins: file === undefined ? {} : placeRules(config.policy.rules, file),
    warnings: [...findLiteralSecrets(config), ...unknownVariables(environment, JSON.stringify(config))],
  };
}

function placeRules(rules: readonly { readonly id: string }[], file: ConfigFile): Record<string, RuleOrigin> {
  const place = (index: number) => ({ file: file.file, ...file.locate(['policy', 'rules', index]) });
  return Object.fromEntries(rules.map((rule, index) => [rule.id, place(index)]));
}

/** Reads a file by its ending; the value is unchecked. */
async function readConfigFile(file: string): Promise<ConfigFile> {
  if (/\.(ts|js|mjs)$/.test(file)) return (await import('./read-code.js')).readCode(file);
  const text = decode(file, await readFile(file));
  if (file.endsWith('.json')) return (await import('./read-json.js')).readJson(file, text);
  return (await import('./read-yaml.js')).readYaml(file, text);
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    throw new ConfigError([{ path: '', message: `not valid text: ${fault.message}`, file }], fault);
  }
}
