import { Command } from 'commander';
import { version } from '../app/version.js';
import { attachTo, gatewayOptions, jsonOption } from './attach.js';
import { addApprovalCommands } from './commands/approvals.js';
import { addAuditCommands } from './commands/audit.js';
import { addBudgetCommands } from './commands/budgets.js';
import { addConfigCommands } from './commands/config.js';
import { addKeyCommands } from './commands/keys.js';
import { addKillCommands } from './commands/kill.js';
import { addPolicyCommands } from './commands/policy.js';
import { addServingCommands } from './commands/serving.js';
import { addSessionCommands } from './commands/sessions.js';
import { addUpstreamCommands } from './commands/upstreams.js';

/** All commands. `finish` hears the exit code of the one that ran. */
export function createProgram(finish: (exitCode: number) => void): Command {
  const program = new Command('sallyport')
    .description('The governance gateway for the Model Context Protocol')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('Run it with --help to see what it takes.');
  const attach = attachTo(finish);
  addServingCommands(program, attach);
  addKeyCommands(program, attach);
  addSessionCommands(program, attach);
  addUpstreamCommands(program, attach);
  addApprovalCommands(program, attach);
  addBudgetCommands(program, attach);
  addKillCommands(program, attach);
  addPolicyCommands(program, attach);
  addConfigCommands(program, attach);
  addAuditCommands(program, attach);
  const status = program
    .command('status')
    .description('Say how the gateway is that runs; exit code 1 when it is not ready')
    .addOption(jsonOption());
  for (const option of gatewayOptions()) status.addOption(option);
  attach(status, async () => (await import('./commands/status.js')).showStatus);
  const versionCommand = program.command('version').description('Print the version').addOption(jsonOption());
  attach(versionCommand, async () => (await import('./commands/version.js')).printVersion, 'nothing');
  return program;
}
