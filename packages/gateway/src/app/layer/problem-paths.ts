import { ConfigError, type ConfigProblem } from '../config/config-error.js';

/** Does some work and takes the beginning of the paths off what it finds wrong there. */
export function within<Result>(prefix: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw cause instanceof ConfigError ? new ConfigError(below(prefix, cause.problems), cause) : cause;
  }
}

/** Does some work and puts the beginning of a path before those of what it finds wrong. */
export function under<Result>(prefix: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(
      cause.problems.map((problem) => ({ ...problem, path: joined(prefix, problem.path) })),
      cause,
    );
  }
}

/** Problems of one part of a whole, by paths within that part; others stay as they are. */
export function below(prefix: string, problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.map((problem) => ({ ...problem, path: shortened(prefix, problem.path) }));
}

function joined(prefix: string, path: string): string {
  return path === '' || path.startsWith('[') ? `${prefix}${path}` : `${prefix}.${path}`;
}

function shortened(prefix: string, path: string): string {
  if (path === prefix) return '';
  return path.startsWith(`${prefix}.`) ? path.slice(prefix.length + 1) : path;
}
