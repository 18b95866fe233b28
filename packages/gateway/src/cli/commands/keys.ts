import type { Command } from 'commander';
import { type Attach, gatewayOptions, jsonOption, repeatable } from '../attach.js';

/** The commands that make and end API keys. They work on the store, whether a gateway runs on it or not, or ask a gateway. */
export function addKeyCommands(program: Command, attach: Attach): void {
  const keys = program.command('keys').description('Make and end the API keys of callers').helpCommand(false);
  const create = keys
    .command('create')
    .description('Make a key and print it, once')
    .requiredOption('--principal <name>', 'the name that rules and records use for the caller')
    .option('--roles <list>', 'what it may do: agent, approver, auditor, operator, admin', 'agent')
    .option('--expires <duration>', 'how long it lives: 90d, 24h', '90d')
    .addOption(repeatable('--label <name=value>', 'a label for rules'))
    .addOption(repeatable('--scope <resource:action>', 'narrows the key to this: audit:read, keys:*'))
    .option('--tenant <name>', 'whose the caller is', 'default')
    .addOption(jsonOption());
  for (const option of gatewayOptions()) create.addOption(option);
  attach(create, async () => (await import('./keys-create.js')).createKey);
  const list = keys.command('list').description('List the keys, never what they are').addOption(jsonOption());
  for (const option of gatewayOptions()) list.addOption(option);
  attach(list, async () => (await import('./keys-list.js')).listKeys);
  const rotate = keys
    .command('rotate')
    .description('Make a key that replaces another; both work for a while')
    .argument('<id>', 'the id of the key that is replaced')
    .option('--overlap <duration>', 'how long the old key still works', '24h')
    .addOption(jsonOption());
  for (const option of gatewayOptions()) rotate.addOption(option);
  attach(rotate, async () => (await import('./keys-rotate.js')).rotateKey);
  const revoke = keys
    .command('revoke')
    .description('End a key at once')
    .argument('<id>', 'the id of the key')
    .addOption(jsonOption());
  for (const option of gatewayOptions()) revoke.addOption(option);
  attach(revoke, async () => (await import('./keys-revoke.js')).revokeKey);
}
