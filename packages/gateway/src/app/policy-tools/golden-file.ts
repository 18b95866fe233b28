import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { JsonFault, parseJson } from '../../lib/json/parse-json.js';
import { nearest } from '../../lib/nearest.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import { ConfigError, type ConfigProblem } from '../config/config-error.js';
import type { ConfigFile } from '../config/config-file.js';
import { describeValue, formatPath, listWords } from '../config/describe-value.js';
import { readConfigFile } from '../config/load-config.js';
import { type GoldenCase, type GoldenInput, goldenKeys, goldenSchema } from './golden-schema.js';
import { type OfferSnapshot, offersOf, parseSnapshot } from './offer-snapshot.js';

/** The folder that holds a project's golden cases, where no file is named. */
export const usualFolder = 'policy-tests';

/** A case with its arguments read, and where it stands. */
export interface PlacedCase extends Omit<GoldenCase, 'args'> {
  readonly title: string;
  readonly args: JsonObject;
  readonly line?: number;
  readonly column?: number;
}

/** A file of golden cases, checked. */
export interface GoldenFile {
  readonly file: string;
  /** The configuration whose policy is tested, as an absolute path; absent where the file names none. */
  readonly policy?: string;
  /** What the servers offer, where the file says it. */
  readonly snapshot?: OfferSnapshot;
  /** Milliseconds since the epoch: when calls happen that say nothing else. */
  readonly at: number;
  readonly callers: NonNullable<GoldenInput['callers']>;
  readonly cases: readonly PlacedCase[];
}

/** A Monday at noon, so that a case means the same on each day. */
const usualTime = '2026-01-05T12:00:00Z';

/** Reads a file of golden cases; throws ConfigError with every problem at once. */
export async function readGoldenFile(file: string): Promise<GoldenFile> {
  const source = await readConfigFile(file);
  const parsed = goldenSchema.safeParse(source.value);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.flatMap((issue) => problemsOf(issue, source)));
  const { policy, tools, upstreams, at = usualTime, callers = {}, cases } = parsed.data;
  const problems: ConfigProblem[] = [];
  const placed = cases.map((one, index) => placeCase(one, index, { source, problems }));
  if (problems.length > 0) throw new ConfigError(problems);
  const snapshot = await snapshotFor(file, { tools, upstreams });
  return {
    file,
    ...(policy !== undefined && { policy: resolve(dirname(file), policy) }),
    ...(snapshot && { snapshot }),
    at: Date.parse(at),
    callers,
    cases: placed,
  };
}

async function snapshotFor(
  file: string,
  { tools, upstreams }: Pick<GoldenInput, 'tools' | 'upstreams'>,
): Promise<OfferSnapshot | undefined> {
  if (tools !== undefined && upstreams !== undefined) {
    const message =
      'names a snapshot file and writes offers in place; expected one of "tools" and "upstreams"';
    throw new ConfigError([{ path: 'tools', message, file }]);
  }
  if (upstreams !== undefined) return offersOf(upstreams);
  return tools === undefined ? undefined : readSnapshotFile(resolve(dirname(file), tools));
}

/** Reads a snapshot file; throws ConfigError where it cannot be read, too. */
export async function readSnapshotFile(file: string): Promise<OfferSnapshot> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new ConfigError([{ path: '', message: `cannot be read: ${cause.message}`, file }], cause);
  });
  return parseSnapshot(file, bytes);
}

interface Placing {
  readonly source: ConfigFile;
  readonly problems: ConfigProblem[];
}

function placeCase(one: GoldenCase, index: number, { source, problems }: Placing): PlacedCase {
  const place = source.locate(['cases', index]);
  const complain = (path: readonly PropertyKey[], message: string) => {
    const whole = ['cases', index, ...path];
    problems.push({ path: formatPath(whole), message, file: source.file, ...source.locate(whole) });
  };
  const targets = ['tool', 'prompt', 'resource', 'template', 'extension'] as const;
  const meant = targets.filter((kind) => one[kind] !== undefined);
  if (meant.length !== 1) {
    const found = meant.length === 0 ? 'no target' : listWords(meant);
    complain([], `found ${found}; expected exactly one of ${listWords(targets)}`);
  }
  const { args: written = {}, ...rest } = one;
  const args = readArgs(written, (message) => complain(['args'], message));
  return { ...rest, title: one.name ?? titleOf(one), args, ...place };
}

/** YAML rounds what is beyond 2^53 without a word, and the policy does not. */
function readArgs(written: unknown, complain: (message: string) => void): JsonObject {
  if (typeof written !== 'string') {
    const unsafe = firstUnsafe(written);
    if (unsafe !== undefined)
      complain(`found ${unsafe}, which YAML does not keep exactly; write the arguments as a text of JSON`);
    return written as JsonObject;
  }
  try {
    const { value } = parseJson(written);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    complain(`found ${describeValue(written)}; expected a JSON object`);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    complain(`not valid JSON: ${cause.message}`);
  }
  return {};
}

function firstUnsafe(value: unknown): string | undefined {
  if (typeof value === 'number') {
    const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
    return isExact && Number.isFinite(value) ? undefined : String(value);
  }
  if (value instanceof Date) return 'a time';
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value as Record<string, JsonValue>)
    .map(firstUnsafe)
    .find((found) => found !== undefined);
}

function titleOf({ tool, prompt, resource, template, extension, as, list, expect }: GoldenCase): string {
  const target = tool ?? prompt ?? resource ?? template ?? extension ?? '';
  return `${as?.id ?? 'local'} ${list === true ? 'sees' : 'uses'} ${target}: ${expect.effect}`;
}

function problemsOf(issue: z.core.$ZodIssue, source: ConfigFile): ConfigProblem[] {
  const at = (path: readonly PropertyKey[], message: string): ConfigProblem => ({
    path: formatPath(path),
    message,
    file: source.file,
    ...source.locate(path),
  });
  if (issue.code !== 'unrecognized_keys')
    return [
      at(
        issue.path,
        `found ${describeValue(valueAt(source.value, issue.path))}; expected ${expectation(issue)}`,
      ),
    ];
  const known = goldenKeys(issue.path);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return at([...issue.path, key], `unknown key "${key}"; expected one of ${listWords(known)}${remedy}`);
  });
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'text',
};

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return listWords(issue.values.map((value) => JSON.stringify(String(value))));
  if (issue.path.at(-1) === 'expect') return 'an effect, or a mapping with one';
  if (issue.code === 'invalid_type') return typeWords[issue.expected] ?? issue.expected;
  return issue.code === 'invalid_union' ? 'a mapping, or a text of JSON' : issue.message;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, part) =>
      typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[part] : undefined,
    value,
  );
}
