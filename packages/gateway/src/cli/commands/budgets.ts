import type { Command } from 'commander';
import { type Attach, jsonOption } from '../attach.js';

/** The commands that show what was spent and called, and what is left. */
export function addBudgetCommands(program: Command, attach: Attach): void {
  const budgets = program
    .command('budgets')
    .description('Show what was spent, and what is left')
    .helpCommand(false);
  const list = connected(budgets.command('list').description('List every counter of every budget'));
  attach(list, async () => (await import('./budgets-list.js')).listBudgets);
  const show = connected(
    budgets
      .command('show')
      .description('Show what calls took of a budget')
      .argument('<id>', 'the id of the budget'),
  );
  attach(show, async () => (await import('./budgets-list.js')).showBudget);
  const limits = program
    .command('limits')
    .description('Show how the limits on calls stand')
    .helpCommand(false);
  const counters = connected(
    limits.command('list').description('List the counters in the memory of a gateway'),
  );
  attach(counters, async () => (await import('./limits-list.js')).listLimits);
}

function connected(command: Command): Command {
  return command
    .option('--gateway <url>', 'ask the gateway there')
    .option('--key-file <file>', 'file with the key of an auditor or operator (default: $SALLYPORT_KEY)')
    .option('--limit <count>', 'at most so many', '100')
    .addOption(jsonOption());
}
