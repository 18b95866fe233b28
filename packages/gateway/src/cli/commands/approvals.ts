import { type Command, Option } from 'commander';
import { type Attach, jsonOption } from '../attach.js';

/** The commands that show which calls wait for people, and answer them. */
export function addApprovalCommands(program: Command, attach: Attach): void {
  const approvals = program
    .command('approvals')
    .description('Show the calls that wait for a person, and answer them')
    .helpCommand(false);
  const list = connected(
    approvals
      .command('list')
      .description('List the calls that wait, oldest first')
      .addOption(new Option('--state <state>', 'others than those that wait').choices(states))
      .option('--limit <count>', 'at most so many', '100'),
  );
  attach(list, async () => (await import('./approvals-list.js')).listApprovals);
  const one = (name: string, what: string) =>
    connected(approvals.command(name).description(what).argument('<id>', 'the id of the hold'));
  const show = one('show', 'Show one of them: every argument, why, and who answered what');
  attach(show, async () => (await import('./approvals-answer.js')).showApproval);
  const approve = noted(one('approve', 'Say yes to exactly this call, once'));
  approve.option('--args <file>', 'JSON file with the arguments that the call is to run with instead');
  attach(approve, async () => (await import('./approvals-answer.js')).approveHold);
  addStandingCommands(approvals, attach);
  const deny = noted(one('deny', 'Say no'));
  attach(deny, async () => (await import('./approvals-answer.js')).denyHold);
  addUpkeep(approvals, attach);
}

/** The commands that follow what waits, and mend what went wrong. */
function addUpkeep(approvals: Command, attach: Attach): void {
  const watch = connected(
    approvals
      .command('watch')
      .description('Follow the calls that wait until a signal; at a terminal, ask about each'),
  );
  attach(watch, async () => (await import('./approvals-watch.js')).watchApprovals);
  const replay = connected(
    approvals
      .command('replay')
      .description('Have an approved call made whose caller has gone, and print its result')
      .argument('<id>', 'the id of the hold'),
  );
  attach(replay, async () => (await import('./approvals-upkeep.js')).replayApproval);
  const undelivered = connected(
    approvals.command('undelivered').description('List what channels could not be told, the latest first'),
  );
  attach(undelivered, async () => (await import('./approvals-upkeep.js')).listUndelivered);
}

/** The commands that show and end what was approved beforehand. */
function addStandingCommands(approvals: Command, attach: Attach): void {
  const standing = approvals
    .command('standing')
    .description('Show what was approved beforehand, and end it')
    .helpCommand(false);
  const list = connected(standing.command('list').description('List what was approved beforehand'));
  attach(list, async () => (await import('./approvals-standing.js')).listStanding);
  const revoke = connected(
    standing.command('revoke').description('End one of them').argument('<id>', 'its id'),
  );
  attach(revoke, async () => (await import('./approvals-standing.js')).revokeStanding);
}

const states = ['pending', 'approved', 'denied', 'expired', 'cancelled', 'stale', 'used', 'all'];

function noted(command: Command): Command {
  return command.option('--note <text>', 'why, for the record');
}

function connected(command: Command): Command {
  return command
    .option('--gateway <url>', 'ask the gateway there instead of the store of this machine')
    .option('--key-file <file>', 'file with the key of an approver (default: $SALLYPORT_KEY)')
    .addOption(jsonOption());
}
