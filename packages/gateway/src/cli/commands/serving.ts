import { type Command, Option } from 'commander';
import { type Attach, repeatable } from '../attach.js';
import { holdYoungHeap } from '../young-heap.js';

const logLevel = () =>
  new Option('--log-level <level>', 'how much is logged to stderr').choices([
    'debug',
    'info',
    'warn',
    'error',
    'silent',
  ]);

const noPrompt = () =>
  new Option('--no-prompt', 'never ask at the terminal about calls that wait for a person');

/** The commands that serve agents. */
export function addServingCommands(program: Command, attach: Attach): void {
  addHttp(program, attach);
  addStdio(program, attach);
}

function addHttp(program: Command, attach: Attach): void {
  const start = program
    .command('start')
    .description('Serve agents over HTTP until SIGTERM or Ctrl-C; SIGHUP reads the configuration anew')
    .option('--host <address>', 'address to listen on')
    .option('--port <number>', 'port to listen on; 0 takes a free one')
    .addOption(logLevel())
    .option('--no-watch', 'do not read the configuration anew when its file changes')
    .addOption(noPrompt());
  attach(start, async () => (await lean(() => import('./start.js'))).start);
  const demo = program
    .command('demo')
    .description('Show the gateway at work: two real servers, a sample policy, calls to try')
    .option('--port <number>', 'port to listen on (default: 7777, or the next free one)');
  attach(demo, async () => (await lean(() => import('./demo.js'))).demo, 'nothing');
}

function addStdio(program: Command, attach: Attach): void {
  const stdio = program
    .command('stdio')
    .description('Serve all configured servers over stdin and stdout, for a client that starts a process')
    .option('--as <principal>', 'name of the caller, for rules and records', 'local')
    .addOption(logLevel())
    .addOption(noPrompt());
  attach(stdio, async () => (await lean(() => import('./stdio.js'))).stdio);
  const run = program
    .command('run')
    .description(
      'Put one server behind the gateway, over stdin and stdout; without --config all is allowed and recorded',
    )
    .usage('[options] -- COMMAND [ARGUMENT...]\n       sallyport run [options] --url URL')
    .argument('[command...]', 'the program that serves, and its arguments')
    .option('--url <url>', 'the server to reach, instead of a program to start')
    .addOption(repeatable('--header <line>', 'header of each request, "Name: value or reference"'))
    .addOption(repeatable('--env <entry>', 'variable of the program, NAME to hand it on or NAME=VALUE'))
    .option('--as <principal>', 'name of the caller, for rules and records', 'local')
    .addOption(logLevel())
    .addOption(noPrompt())
    .passThroughOptions();
  attach(run, async () => (await lean(() => import('./run.js'))).run);
}

/** What is loaded now stays as long as the gateway serves. */
function lean<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  holdYoungHeap();
  return load();
}
