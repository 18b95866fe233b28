import type { Command } from 'commander';
import { type Attach, jsonOption, repeatable } from '../attach.js';

/** The commands that make and end the sessions that agents work in. */
export function addSessionCommands(program: Command, attach: Attach): void {
  const sessions = program
    .command('sessions')
    .description('Make and end the sessions that agents work in')
    .helpCommand(false);
  const create = connected(sessions.command('create'))
    .description('Make a session and print its token, once')
    .requiredOption('--agent <name>', 'the agent it is for, as records name it')
    .option('--key <id>', 'the id of the key that it counts with')
    .option('--scopes <list>', 'what it may do, for example read,browse,spend:25', 'read,browse')
    .option('--ttl <duration>', 'how long it lasts, at most 30d; 0 for one without an end', '1h')
    .option('--budget <usd>', 'what its calls may cost in all, in dollars')
    .option('--parent <session>', 'the session that it is delegated from')
    .addOption(repeatable('--label <name=value>', 'a label for rules'))
    .addOption(jsonOption());
  attach(create, async () => (await import('./sessions-create.js')).createSession);
  const list = connected(sessions.command('list'))
    .description('List the sessions that are valid, newest first, never their tokens')
    .option('--all', 'those, too, that are over or revoked')
    .option('--limit <count>', 'at most so many', '100')
    .addOption(jsonOption());
  attach(list, async () => (await import('./sessions-list.js')).listSessions);
  const show = connected(sessions.command('show'))
    .description('Show one of them, and what is left of its budget')
    .argument('<id>', 'the id of the session')
    .addOption(jsonOption());
  attach(show, async () => (await import('./sessions-list.js')).showSession);
  const revoke = connected(sessions.command('revoke'))
    .description('End one at once, with all that were delegated from it')
    .argument('<id>', 'the id of the session')
    .addOption(jsonOption());
  attach(revoke, async () => (await import('./sessions-list.js')).revokeSession);
}

function connected(command: Command): Command {
  return command
    .option('--gateway <url>', 'ask the gateway there instead of the store of this machine')
    .option('--key-file <file>', 'file with the key to ask with (default: $SALLYPORT_KEY)');
}
