import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConfigInput } from '#contract';
import { decodeUtf8, JsonFault } from '../../lib/json/parse-json.js';
import { isClientFile } from '../dialects/client-file.js';
import { withoutComments } from '../dialects/json-comments.js';
import { nativeFile } from '../dialects/translate-file.js';
import { ConfigError } from './config-error.js';
import type { ConfigFile } from './config-file.js';
import { type EffectiveConfig, type RuleOrigin, withAbsolutePaths } from './effective-config.js';
import { type Environment, processEnvironment, readEnvironment } from './environment.js';
import { findConfig, namedConfig, noConfig } from './find-config.js';
import { findLiteralSecrets } from './find-literal-secrets.js';
import { findOrigins, leafPaths } from './origins.js';
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
  const raw = nativeFile(await readConfigFile(file), environment.values);
  return build({ raw, baseDir, environment: withSecrets(environment, raw), flags: { ...options, cwd } });
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
    warnings: [
      ...(file?.warnings ?? []),
      ...findLiteralSecrets(config),
      ...unknownVariables(environment, JSON.stringify(config)),
    ],
  };
}

function withSecrets(environment: Environment, { secrets = {} }: ConfigFile): Environment {
  return { ...environment, values: { ...secrets, ...environment.values } };
}

function placeRules(rules: readonly { readonly id: string }[], file: ConfigFile): Record<string, RuleOrigin> {
  return Object.fromEntries(rules.map((rule, index) => [rule.id, placeRule(rule, index, file)]));
}

function placeRule(rule: object, index: number, source: ConfigFile): RuleOrigin {
  const { file } = source;
  const place = source.locate(['policy', 'rules', index]);
  if (place === undefined) return { file };
  const paths = leafPaths(rule).flatMap((path) => path.map((_part, end) => path.slice(0, end + 1)));
  const parts = paths.flatMap((path) => {
    const found = source.locate(['policy', 'rules', index, ...path]);
    return found === undefined ? [] : [[path.map(String).join('.'), found] as const];
  });
  return { file, ...place, parts: Object.fromEntries(parts) };
}

/** Reads a file by its ending; the value is unchecked, and in the dialect that it is written in. */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  if (/\.(ts|js|mjs)$/.test(file)) return (await import('./read-code.js')).readCode(file);
  const text = decode(file, await readFile(file));
  if (file.endsWith('.json')) return readJsonFile(file, text);
  return (await import('./read-yaml.js')).readYaml(file, text);
}

/** The files of some clients have comments; all others are strict JSON. */
async function readJsonFile(file: string, text: string): Promise<ConfigFile> {
  const { readJson } = await import('./read-json.js');
  try {
    return readJson(file, text);
  } catch (fault) {
    const plain = withoutComments(text);
    if (plain === text) throw fault;
    const read = readJson(file, plain);
    if (isClientFile(read.value)) return read;
    throw fault;
  }
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    throw new ConfigError([{ path: '', message: `not valid text: ${fault.message}`, file }], fault);
  }
}
