import { ConfigError, type ConfigProblem, formatProblem } from '../../app/config/config-error.js';
import { processEnvironment } from '../../app/config/environment.js';
import { findSecretTexts } from '../../app/dialects/hide-secrets.js';
import { nativeText } from '../../app/dialects/native-text.js';
import { readForMigration } from '../../app/dialects/read-for-migration.js';
import { CliError } from '../cli-error.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { print, printJson, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

/** `config migrate`: the native form of a file in any dialect, on stdout; 0 when it could be written, 1 otherwise. */
export async function migrate(options: CommonOptions & JsonOption, args: readonly string[]): Promise<number> {
  const [file, more] = args;
  if (file === undefined || more !== undefined) throw new CliError('config migrate: expected one file', 2);
  try {
    const read = await readForMigration(file, process.cwd());
    const { config, notes } = findSecretTexts(read);
    if (options.json === true) printJson({ dialect: read.dialect, config, notes });
    else print(nativeText({ config, notes }).trimEnd());
    const variables = Object.keys(read.secrets).filter((name) => processEnvironment()[name] === undefined);
    if (variables.length > 0)
      say(`Set before it is used: ${variables.join(', ')}; their values stand in ${file}.`);
    return 0;
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    report(cause.problems, options.json === true);
    return 1;
  }
}

function report(problems: readonly ConfigProblem[], json: boolean): void {
  if (json) printJson({ problems });
  else for (const problem of problems) say(`error: ${visibleText(formatProblem(problem))}`);
}
