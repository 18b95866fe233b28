import { ConfigError, formatProblem } from '../app/config/config-error.js';
import { LayerFault } from '../model/layer-fault.js';
import { PolicyFaults } from '../policy/policy-problem.js';
import { CliError } from './cli-error.js';
import { say } from './terminal.js';
import { visibleText } from './visible-text.js';

/** Says on stderr what went wrong, one line for each problem, and gives the exit code. */
export function reportFailure(cause: unknown, verbose: boolean): number {
  for (const line of linesOf(cause)) say(`error: ${visibleText(line)}`);
  if (verbose) say(stackOf(cause));
  else if (!isExpected(cause)) say('The cause is shown with --verbose.');
  return cause instanceof CliError ? cause.exitCode : 1;
}

function linesOf(cause: unknown): string[] {
  if (cause instanceof ConfigError) return cause.problems.map(formatProblem);
  if (cause instanceof LayerFault) return [cause.message, ...cause.problems.map(formatProblem)];
  if (cause instanceof PolicyFaults) return cause.problems.map((problem) => problem.message);
  return [cause instanceof Error ? cause.message : String(cause)];
}

function isExpected(cause: unknown): boolean {
  return [ConfigError, LayerFault, PolicyFaults, CliError].some((kind) => cause instanceof kind);
}

function stackOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const stack = cause.stack ?? cause.message;
  return cause.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(cause.cause)}`;
}
