import { resolve } from 'node:path';
import { nearest } from '../../lib/nearest.js';
import type { Environment } from './environment.js';

/** A value that a flag or a variable puts in the place of the file's. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  /** How people call the place it came from: `--port`, `SALLYPORT_PORT`, `SALLYPORT_PORT in .env`. */
  readonly origin: string;
}

/** What the command line may say about the configuration. */
export interface Flags {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly dataDir?: string | undefined;
  readonly logLevel?: string | undefined;
  /** The folder that relative paths in flags and in the real environment start from. */
  readonly cwd: string;
}

const settings = [
  { flag: 'host', option: '--host', variable: 'SALLYPORT_HOST', path: ['listen', 'host'], read: String },
  { flag: 'port', option: '--port', variable: 'SALLYPORT_PORT', path: ['listen', 'port'], read: wholeNumber },
  { flag: 'dataDir', option: '--data-dir', variable: 'SALLYPORT_DATA_DIR', path: ['dataDir'], read: String },
  {
    flag: 'logLevel',
    option: '--log-level',
    variable: 'SALLYPORT_LOG_LEVEL',
    path: ['log', 'level'],
    read: String,
  },
] as const;

const knownVariables: readonly string[] = [
  'SALLYPORT_CONFIG',
  // The key of the person at the terminal, for commands that ask a running gateway.
  'SALLYPORT_KEY',
  ...settings.map((setting) => setting.variable),
];

/** Values from flags and variables, flags before variables; an empty variable counts as absent. */
export function readOverrides(flags: Flags, environment: Environment): Override[] {
  return settings.flatMap(({ flag, option, variable, path, read }): Override[] => {
    const given = flags[flag];
    const fromHere = (text: string) => (flag === 'dataDir' ? resolve(flags.cwd, text) : read(text));
    if (given !== undefined) return [{ path, value: fromHere(String(given)), origin: option }];
    const value = environment.values[variable];
    if (value === undefined || value === '') return [];
    if (environment.fromFile.has(variable))
      return [{ path, value: read(value), origin: `${variable} in .env` }];
    return [{ path, value: fromHere(value), origin: variable }];
  });
}

/** Sentences about variables that look like ours and are not; those that the configuration refers to are its own. */
export function unknownVariables(environment: Environment, configText: string): string[] {
  return Object.keys(environment.values)
    .filter((name) => name.startsWith('SALLYPORT_') && !knownVariables.includes(name))
    .filter((name) => !configText.includes(`env:${name}`))
    .map((name) => {
      const meant = nearest(name, knownVariables);
      return `the variable ${name} is not known and has no effect${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    });
}

/** The raw configuration with the overrides in it; the given value stays as it is. */
export function applyOverrides(raw: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce((value, { path, value: override }) => withValue(value, path, override), raw);
}

function withValue(raw: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (raw !== undefined && (typeof raw !== 'object' || raw === null || Array.isArray(raw))) return raw;
  const members: Record<string, unknown> = { ...raw };
  return { ...members, [name]: withValue(members[name], rest, value) };
}

function wholeNumber(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}
