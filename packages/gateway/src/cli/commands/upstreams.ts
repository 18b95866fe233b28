import { type Command, Option } from 'commander';
import { type Attach, gatewayOptions, jsonOption, repeatable } from '../attach.js';
import { changing, layered } from '../layer-options.js';

/** The commands that show the servers behind the gateway and decide on what they offer. */
export function addUpstreamCommands(program: Command, attach: Attach): void {
  const upstreams = program
    .command('upstreams')
    .description('Show the servers behind the gateway, and decide on what they offer')
    .helpCommand(false);
  const list = upstreams
    .command('list')
    .description('List the servers: what runs, since when, and why')
    .option('--url <url>', 'where operators reach the gateway (default: as configured)')
    .option('--key-file <file>', 'file with the key of an operator or auditor (default: $SALLYPORT_KEY)')
    .addOption(jsonOption());
  attach(list, async () => (await import('./upstreams-list.js')).listUpstreams);
  addMakingCommands(upstreams, attach);
  addPinCommands(upstreams, attach);
}

/** Servers over HTTP beside those of the file; `test` also starts those of the file. */
function addMakingCommands(upstreams: Command, attach: Attach): void {
  const load = async () => import('./upstreams-layer.js');
  const add = changing(upstreams.command('add').description('Put a server over HTTP behind the gateway'))
    .argument('<id>', 'what it is called: a-z, 0-9 and "-"')
    .argument('<url>', 'where it is')
    .addOption(repeatable('--header <line>', 'header of each request, "Name: value or reference"'))
    .option('--settings <json>', 'further settings, as in the configuration file', '{}');
  attach(add, async () => (await load()).addUpstream);
  const remove = changing(upstreams.command('remove').description('Take away a server that was added'));
  attach(remove.argument('<id>', 'the server'), async () => (await load()).removeUpstream);
  const test = layered(
    upstreams.command('test').description('Reach a server and list what it offers; calls no tool'),
  )
    .argument('<id>', 'the server')
    .argument('[url]', 'where it would be, to try one that is not there yet')
    .addOption(repeatable('--header <line>', 'header of each request, "Name: value or reference"'))
    .option('--settings <json>', 'further settings, as in the configuration file', '{}');
  attach(test, async () => (await load()).testUpstream);
}

function addPinCommands(upstreams: Command, attach: Attach): void {
  const pins = upstreams
    .command('pins')
    .description('Decide which definitions of tools and prompts agents may use')
    .helpCommand(false);
  const list = choosing(
    pins.command('list').description('List the definitions and who accepted them'),
  ).option('--state <list>', 'only those: accepted, waiting, changed, rejected, gone');
  attach(list, async () => (await import('./upstreams-pins-list.js')).listPins);
  const diff = choosing(
    pins
      .command('diff')
      .description('Show what waits against what was accepted; exit code 3 when something waits'),
  );
  attach(diff, async () => (await import('./upstreams-pins-diff.js')).diffPins);
  const decide = async () => import('./upstreams-pins-decide.js');
  const accept = deciding(
    pins.command('accept').description('Accept a definition by its digest, or all that wait'),
  );
  attach(accept, async () => (await decide()).acceptPins);
  const reject = deciding(
    pins.command('reject').description('Reject a definition that waits, or that was accepted'),
  );
  attach(reject, async () => (await decide()).rejectPins);
  const forget = choosing(
    pins.command('forget').description('Treat what is offered next as seen for the first time'),
  ).option('--all', 'all of the upstream, or of all upstreams');
  attach(forget, async () => (await decide()).forgetPins);
}

function deciding(command: Command): Command {
  return choosing(command)
    .option('--digest <digest>', 'the digest that "pins diff" shows')
    .option('--all', 'all that wait, of the upstream or of all upstreams');
}

function choosing(command: Command): Command {
  for (const option of gatewayOptions()) command.addOption(option);
  return command
    .argument('[upstream]', 'the id of an upstream')
    .argument('[tool]', 'the own name of a tool or prompt')
    .addOption(new Option('--kind <kind>', 'only these').choices(['tool', 'prompt']))
    .addOption(jsonOption());
}
