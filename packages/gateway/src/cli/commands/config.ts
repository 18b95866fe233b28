import type { Command } from 'commander';
import { type Attach, jsonOption } from '../attach.js';
import { layered } from '../layer-options.js';

/** The commands that check, show, export and migrate the configuration. */
export function addConfigCommands(program: Command, attach: Attach): void {
  const config = program
    .command('config')
    .description('Check, show, export and migrate the configuration')
    .helpCommand(false);
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
  const exported = layered(
    config.command('export').description('Print what was made beside the file, as a configuration file'),
  );
  attach(exported, async () => (await import('./config-export.js')).exportLayer);
  const migrate = config
    .command('migrate')
    .description('Print the native form of a file of Haldir, Cordon, PolicyLayer Intercept or an MCP client')
    .argument('<file>', 'the file; it stays as it is')
    .addOption(jsonOption());
  attach(migrate, async () => (await import('./config-migrate.js')).migrate, 'nothing');
}
