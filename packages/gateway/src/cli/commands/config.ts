import type { Command } from 'commander';
import { type Attach, jsonOption } from '../attach.js';

/** The commands that check and show the configuration. */
export function addConfigCommands(program: Command, attach: Attach): void {
  const config = program.command('config').description('Check and show the configuration').helpCommand(false);
  const check = config
    .command('check')
    .description('Report every problem of the configuration and its policy')
    .option('--connect', 'also check the rules against the tools that the servers offer now')
    .addOption(jsonOption());
  attach(check, async () => (await import('./config-check.js')).check);
  const show = config
    .command('show')
    .description('Print the configuration in effect: secrets masked, with the origin of each value')
    .addOption(jsonOption());
  attach(show, async () => (await import('./config-show.js')).show);
}
