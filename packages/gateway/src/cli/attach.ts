import { type Command, Option } from 'commander';
import type { CommonOptions } from './common-options.js';

/** What carries out a command: gets its options and arguments, resolves with the exit code. */
export type CommandRun<Options> = (options: Options, args: readonly string[]) => Promise<number>;

/** Connects a command with its module, which is loaded only when the command runs; most read the configuration. */
export type Attach = <Options extends CommonOptions>(
  command: Command,
  load: () => Promise<CommandRun<Options>>,
  takes?: 'configuration' | 'nothing',
) => void;

/** Connects commands and adds the options that they have in common; `finish` hears the exit code of the one that ran. */
export function attachTo(finish: (exitCode: number) => void): Attach {
  return (command, load, takes = 'configuration') => {
    if (takes === 'configuration') {
      command
        .option('-c, --config <file>', 'configuration file (default: sallyport.config.* in this folder)')
        .option('--data-dir <folder>', 'folder of the store');
    }
    command.option('--verbose', 'show the cause of a failure').action(async () => {
      const run = await load();
      finish(await run(command.opts(), command.args));
    });
  };
}

/** The option of every command that lists or answers something. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON, with times in UTC');
}

/** The options of every command that can ask a running gateway instead of looking at the store. */
export function gatewayOptions(): Option[] {
  return [
    new Option('--gateway <url>', 'ask the gateway there instead of the store of this machine'),
    new Option('--key-file <file>', 'file with the key for the gateway (default: $SALLYPORT_KEY)'),
  ];
}

/** An option that may be given several times; its values are a list. */
export function repeatable(flags: string, description: string): Option {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return new Option(flags, `${description} (repeatable)`).argParser(collect).default([], 'none');
}
