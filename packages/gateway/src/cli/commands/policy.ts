import type { Command } from 'commander';
import { type Attach, jsonOption, repeatable } from '../attach.js';
import { changing, layered } from '../layer-options.js';

/** The commands that work with the policy. */
export function addPolicyCommands(program: Command, attach: Attach): void {
  const policy = program.command('policy').description('Work with the policy').helpCommand(false);
  const explain = policy
    .command('explain')
    .description('Say what the policy answers to a call, rule by rule; asks the servers for their tools')
    .option('--tool <name>', 'the tool, as callers know it')
    .option('--prompt <name>', 'or the prompt')
    .option('--resource <uri>', 'or the resource')
    .option('--method <method>', 'what is asked, where it is not the usual, e.g. sampling/createMessage')
    .option('--args <json>', 'the arguments, a JSON object', '{}')
    .option('--as <caller>', 'a principal, or the id of a key', 'local')
    .option('--at <time>', 'when, e.g. 2026-06-10T09:00:00+02:00; by default now')
    .option('--scopes <scopes>', 'as in a session with these scopes, e.g. read,spend:25')
    .option('--budget <amount>', 'as in a session with this budget')
    .option(
      '--tools <source>',
      'where tools are known from: live asks the servers; or pins, or a snapshot file',
      'live',
    )
    .addOption(jsonOption());
  attach(explain, async () => (await import('./policy-explain.js')).explain);
  addCheck(policy, attach);
  addTest(policy, attach);
  addScan(policy, attach);
  addCoverage(policy, attach);
  addDiff(policy, attach);
  addSnapshot(policy, attach);
  addLayer(policy, attach);
}

const toolsFlag = '--tools <source>';
const toolsText =
  'what servers offer: live asks them, pins is what the gateway saw last, else a snapshot file';

function addTest(policy: Command, attach: Attach): void {
  const test = policy
    .command('test')
    .description('Hold the policy against golden cases: files, or folders of *.test.yaml; calls no tool')
    .argument('[files...]', 'by default the folder policy-tests')
    .option('--init', 'write a first file of cases, and a snapshot of the tools, into the folder')
    .option(toolsFlag, toolsText)
    .option('--junit <file>', 'write the results as JUnit XML, too')
    .option('--min-coverage <percent>', 'fail where fewer rules of a policy take part')
    .addOption(jsonOption());
  attach(test, async () => (await import('./policy-test.js')).test);
}

function addSnapshot(policy: Command, attach: Attach): void {
  const snapshot = policy
    .command('snapshot')
    .description('Write down what servers offer, so that the other commands work without them')
    .option(toolsFlag, toolsText)
    .option('--out <file>', 'the file to write; by default it is printed');
  attach(snapshot, async () => (await import('./policy-snapshot.js')).snapshot);
}

function addCheck(policy: Command, attach: Attach): void {
  const check = policy
    .command('check')
    .description(
      'Find rules that do not fit the tools, can never decide or say nothing new, and tools without a rule',
    )
    .option(toolsFlag, toolsText)
    .option('--strict', 'fail for warnings, too')
    .addOption(jsonOption());
  attach(check, async () => (await import('./policy-check.js')).checkRules);
}

function addScan(policy: Command, attach: Attach): void {
  const scan = policy
    .command('scan')
    .description(
      'Write a policy to start from: what servers offer, sorted into reads, writes, destroys, spends',
    )
    .addOption(repeatable('--upstream <id>', 'of this upstream only'))
    .option(toolsFlag, toolsText)
    .option('--out <file>', 'the file to write, which must not be there; by default it is printed')
    .addOption(jsonOption());
  attach(scan, async () => (await import('./policy-scan.js')).scan);
}

function addCoverage(policy: Command, attach: Attach): void {
  const coverage = policy
    .command('coverage')
    .description('Say which rules decided how often by the recorded trail, and which never')
    .option('--since <time>', 'a time, or how long ago: 24h, 7d')
    .option('--until <time>', 'the same, for the end')
    .addOption(jsonOption());
  attach(coverage, async () => (await import('./policy-coverage.js')).coverage);
}

/** What is made beside the file, while gateways run. */
function addLayer(policy: Command, attach: Attach): void {
  const load = async () => import('./policy-layer.js');
  const push = changing(
    policy.command('push').description('Put the policy of a file in force, beside that of the configuration'),
  )
    .argument('<file>', 'rules, a configuration with a policy, or one policy of Haldir')
    .option('--name <name>', 'what it is called (default: as the file)');
  attach(push, async () => (await load()).push);
  const pull = layered(
    policy.command('pull').description('Print such a policy as a file; without a name list them'),
  )
    .argument('[name]', 'the policy')
    .option('--out <file>', 'the file to write; by default it is printed');
  attach(pull, async () => (await load()).pull);
  const history = layered(policy.command('history').description('List every version of such a policy'));
  attach(history.argument('<name>', 'the policy'), async () => (await load()).history);
  const rollback = changing(policy.command('rollback').description('Make an earlier version the newest one'))
    .argument('<name>', 'the policy')
    .argument('<version>', 'its number');
  attach(rollback, async () => (await load()).rollback);
  const remove = changing(policy.command('remove').description('End such a policy; its versions stay'));
  attach(remove.argument('<name>', 'the policy'), async () => (await load()).remove);
}

function addDiff(policy: Command, attach: Attach): void {
  const diff = policy
    .command('diff')
    .description(
      'Compare two policies: changed rules, and sample calls that they answer otherwise; calls no tool',
    )
    .argument('<before>', 'a configuration file')
    .argument('<after>', 'another')
    .option(toolsFlag, `${toolsText}; of the second configuration`)
    .addOption(repeatable('--as <caller>', 'a caller besides those that the files name'))
    .addOption(repeatable('--cases <file>', 'also the calls of these golden cases'))
    .option('--exit-code', 'end with 1 where a sample call is answered otherwise')
    .addOption(jsonOption());
  attach(diff, async () => (await import('./policy-diff.js')).diff);
}
