import type { Command } from 'commander';
import { type Attach, jsonOption } from '../attach.js';

/** The commands that work with the policy. */
export function addPolicyCommands(program: Command, attach: Attach): void {
  const policy = program.command('policy').description('Work with the policy').helpCommand(false);
  const explain = policy
    .command('explain')
    .description('Say what the policy answers to a call, rule by rule; asks the servers for their tools')
    .requiredOption('--tool <name>', 'the tool, as callers know it')
    .option('--args <json>', 'the arguments, a JSON object', '{}')
    .option('--as <caller>', 'a principal, or the id of a key', 'local')
    .addOption(jsonOption());
  attach(explain, async () => (await import('./policy-explain.js')).explain);
}
