import { type Config, configSchema } from '#contract';
import { checkAcrossFields } from './check-across-fields.js';
import { checkDataDir } from './check-data-dir.js';
import { checkTexts } from './check-texts.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import type { ConfigFile } from './config-file.js';
import { formatPath } from './describe-value.js';
import { type Finding, issuesToFindings } from './issues-to-findings.js';
import type { Override } from './overrides.js';

/** Where the parts of a raw configuration came from. */
export interface ConfigSource {
  readonly file?: ConfigFile;
  readonly overrides?: readonly Override[];
  /** Where relative paths start; without it no path is looked at. */
  readonly baseDir?: string;
}

/** Checks a raw configuration as a whole and fills in the defaults; throws ConfigError with every problem at once. */
export function validateConfig(raw: unknown, source: ConfigSource = {}): Config {
  const parsed = configSchema.safeParse(raw);
  const issues = parsed.success ? [] : issuesToFindings(parsed.error.issues, raw);
  const paths = source.baseDir === undefined ? [] : checkDataDir(raw, source.baseDir);
  const findings = withOneEach([...issues, ...checkAcrossFields(raw), ...paths], checkTexts(raw));
  if (parsed.success && findings.length === 0) return parsed.data;
  throw new ConfigError(findings.map((finding) => problemOf(finding, source)).sort(inFileOrder));
}

/** Adds the second to the first, except where something is known to be wrong already. */
function withOneEach(first: readonly Finding[], second: readonly Finding[]): Finding[] {
  const places = new Set(first.map(({ path }) => formatPath(path)));
  return [...first, ...second.filter(({ path }) => !places.has(formatPath(path)))];
}

function problemOf(finding: Finding, { file, overrides = [] }: ConfigSource): ConfigProblem {
  const { path: parts, ...rest } = finding;
  const path = formatPath(parts);
  const override = overrides.find((candidate) => formatPath(candidate.path) === path);
  if (override !== undefined) return { ...rest, path: override.origin };
  if (file === undefined) return { ...rest, path };
  return { ...rest, path, file: file.file, ...file.locate(parts) };
}

function inFileOrder(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
