import { resolve } from 'node:path';
import type { Config, UpstreamConfig } from '#contract';
import type { RuleLayer } from '../../policy/rule.js';
import type { Position } from './config-file.js';

/** A validated configuration with everything that is known about where it came from. Paths in it are absolute. */
export interface EffectiveConfig extends Config {
  /** The file; absent for a configuration made in memory. */
  readonly file?: string;
  /** The folder that relative paths start from. */
  readonly baseDir: string;
  /** Variables for `env:` references: those of the process and, below them, those of `.env`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where each value came from, by dotted path: `file`, `default`, `--port`, `SALLYPORT_PORT`. */
  readonly origins: Readonly<Record<string, string>>;
  /** Where each rule stands, by its id. */
  readonly ruleOrigins: Readonly<Record<string, RuleOrigin>>;
  /** Sentences about what is accepted and still questionable. */
  readonly warnings: readonly string[];
  /** Whether the ids of the upstreams were made of a command line, which other servers may share. */
  readonly hasGuessedIds?: boolean;
  /** What in it was made over REST; absent where nothing was. */
  readonly fromApi?: ApiMarks;
}

/** Which rules and upstreams of a configuration do not come from its file. */
export interface ApiMarks {
  /** By the id in force, which begins with `api:`. */
  readonly rules: Readonly<Record<string, Omit<RuleLayer, 'callers'>>>;
  /** The tenant of each, by the upstream's id. */
  readonly upstreams: Readonly<Record<string, string>>;
}

export interface RuleOrigin extends Partial<Position> {
  readonly file: string;
  /** Where its parts stand, by dotted path within the rule. */
  readonly parts?: Readonly<Record<string, Position>>;
}

/** The configuration with its folders made absolute. */
export function withAbsolutePaths(config: Config, baseDir: string): Config {
  const upstreams = Object.entries(config.upstreams).map(
    ([id, upstream]) => [id, placed(upstream, baseDir)] as const,
  );
  return { ...config, dataDir: resolve(baseDir, config.dataDir), upstreams: Object.fromEntries(upstreams) };
}

function placed(upstream: UpstreamConfig, baseDir: string): UpstreamConfig {
  return 'command' in upstream ? { ...upstream, cwd: resolve(baseDir, upstream.cwd ?? '.') } : upstream;
}
