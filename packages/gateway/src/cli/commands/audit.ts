import { type Command, Option } from 'commander';
import { type Attach, jsonOption } from '../attach.js';

/** The commands that read the audit trail. */
export function addAuditCommands(program: Command, attach: Attach): void {
  const audit = program.command('audit').description('Read the audit trail').helpCommand(false);
  const query = addFilters(audit.command('query').description('Print the records that fit, the newest last'))
    .option('--until <time>', 'before a time, or a duration back from now')
    .option('--limit <number>', 'the newest so many', '100');
  attach(query, async () => (await import('./audit-query.js')).query);
  const tail = addFilters(
    audit.command('tail').description('Print records as they are written, until Ctrl-C'),
  ).option('-n, --lines <number>', 'begin with the newest so many', '10');
  attach(tail, async () => (await import('./audit-tail.js')).tail);
}

function addFilters(command: Command): Command {
  return command
    .option('--type <list>', 'types of records, for example call.decided,auth.failed')
    .option('--call <id>', 'the records of one call')
    .option('--caller <name>', 'the name of the caller')
    .option('--tool <name>', 'the tool')
    .option('--upstream <id>', 'the upstream')
    .addOption(new Option('--effect <effect>', 'what was decided').choices(['allow', 'ask', 'deny', 'hide']))
    .option('--rule <id>', 'the rule that decided')
    .option('--since <time>', 'from a time, or a duration back from now: 2026-11-20T08:00:00Z, 1h')
    .addOption(jsonOption());
}
