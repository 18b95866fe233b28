/** One thing that is wrong with a configuration, and where. */
export interface ConfigProblem {
  /** Dotted path in the configuration, or the flag or variable that the value came from. */
  readonly path: string;
  /** A whole sentence: what was found, what was expected, what would help. Never a secret. */
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A configuration that is refused, with every problem at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], cause?: unknown) {
    super(problems.map(formatProblem).join('\n'), cause === undefined ? undefined : { cause });
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `file:line:column: path: message`, as far as each is known. */
export function formatProblem(problem: ConfigProblem): string {
  const position = [problem.file, problem.line, problem.column]
    .filter((part) => part !== undefined)
    .join(':');
  return [position, problem.path, problem.message].filter((part) => part !== '').join(': ');
}
