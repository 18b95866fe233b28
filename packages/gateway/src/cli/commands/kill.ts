import type { Command } from 'commander';
import { type Attach, jsonOption } from '../attach.js';

/** The commands that stop calls at once, and let them pass again. */
export function addKillCommands(program: Command, attach: Attach): void {
  const kill = program
    .command('kill')
    .description('Stop calls at once, whatever the rules say')
    .helpCommand(false);
  const thrown = (command: Command) =>
    connected(command.requiredOption('--reason <text>', 'why; whoever is stopped is told')).option(
      '--tenant <name>',
      'of whose calls, on the store of this machine; *: of every tenant',
    );
  const all = thrown(kill.command('all').description('Stop every call of everybody'));
  attach(all, async () => (await import('./kill-throw.js')).killAll);
  const principal = thrown(
    kill
      .command('principal')
      .description('Stop every call of one caller')
      .argument('<name>', 'the name of the caller'),
  );
  attach(principal, async () => (await import('./kill-throw.js')).killPrincipal);
  const tool = thrown(
    kill
      .command('tool')
      .description('Stop every call of one tool')
      .argument('<name>', 'what callers or its own server call it'),
  );
  attach(tool, async () => (await import('./kill-throw.js')).killTool);
  const upstream = thrown(
    kill
      .command('upstream')
      .description('Stop every call to one upstream')
      .argument('<id>', 'the id of the upstream'),
  );
  attach(upstream, async () => (await import('./kill-throw.js')).killUpstream);
  const list = connected(kill.command('list').description('List what is stopped, by whom and why'));
  attach(list, async () => (await import('./kill-list.js')).listKills);
  const lift = connected(
    kill.command('lift').description('Let calls pass again').argument('<id>', 'the id of the kill switch'),
  );
  attach(lift, async () => (await import('./kill-list.js')).liftKill);
}

function connected(command: Command): Command {
  return command
    .option('--gateway <url>', 'ask the gateway there instead of the store of this machine')
    .option('--key-file <file>', 'file with the key of an operator (default: $SALLYPORT_KEY)')
    .addOption(jsonOption());
}
