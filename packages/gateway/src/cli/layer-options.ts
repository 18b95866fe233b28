import type { Command } from 'commander';
import { jsonOption } from './attach.js';

/** The options of commands about what is made beside the file: on the store of this machine, or at a gateway. */
export function layered(command: Command): Command {
  return command
    .option('--gateway <url>', 'where operators reach a gateway, instead of the store of this machine')
    .option('--key-file <file>', 'file with the key of an operator (default: $SALLYPORT_KEY)')
    .addOption(jsonOption());
}

/** The same for those that change something. */
export function changing(command: Command): Command {
  return layered(command)
    .option('--note <text>', 'why, for the history and the record')
    .option('--if-revision <revision>', 'change only this revision, as "history" and "pull --json" show it');
}
