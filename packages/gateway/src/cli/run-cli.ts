import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { reportFailure } from './report-failure.js';

/** Runs one command line; resolves with the exit code and never rejects. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (cause) {
    // Commander has printed its own message; asking for help or the version is no mistake.
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
    return reportFailure(cause, isVerbose(args));
  }
}

function isVerbose(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--verbose');
}
