import { join } from 'node:path';
import envPaths from 'env-paths';
import type { ConfigInput } from '#contract';
import type { EffectiveConfig } from '../../app/config/effective-config.js';
import { processEnvironment } from '../../app/config/environment.js';
import { configInMemory, loadConfig } from '../../app/config/load-config.js';
import { CliError } from '../cli-error.js';
import { type CommonOptions, loadOptions, sayWarnings } from '../common-options.js';
import { dataDirFlag } from '../local-store.js';
import { readHeaders } from '../read-headers.js';
import { createServerWatch } from '../server-watch.js';
import { speakStdio } from '../speak-stdio.js';
import { reserveStdout } from '../stdout.js';
import { nameOfCommand, nameOfUrl } from '../upstream-name.js';

interface RunOptions extends CommonOptions {
  readonly url?: string;
  readonly header: readonly string[];
  readonly env: readonly string[];
  readonly as: string;
  readonly prompt: boolean;
  readonly logLevel?: string;
}

type UpstreamInput = ConfigInput['upstreams'][string];

/** Shorter values cannot be told from ordinary text, so they are handed on as settings, not as secrets. */
const leastSecretLength = 8;

/** `run`: one server behind the gateway, over stdin and stdout. */
export async function run(options: RunOptions, command: readonly string[]): Promise<number> {
  reserveStdout();
  const [id, upstream] =
    options.url === undefined ? startedServer(options, command) : reachedServer(options, command);
  const config = await runConfig(options, { [id]: upstream });
  sayWarnings(config);
  const greeting = `Calls are recorded; to follow them: npx sallyport audit tail${dataDirFlag(config)}`;
  return speakStdio({
    config,
    as: options.as,
    prompt: options.prompt,
    watch: createServerWatch(id),
    greeting,
  });
}

/** With `--config` its policy and settings hold for this server; without, all is allowed and recorded. */
async function runConfig(
  options: RunOptions,
  upstreams: Record<string, UpstreamInput>,
): Promise<EffectiveConfig> {
  const load = { ...loadOptions(options), logLevel: options.logLevel };
  const input: ConfigInput = {
    upstreams,
    policy: { default: 'allow' },
    dataDir: join(envPaths('sallyport', { suffix: '' }).data, 'run'),
    log: { level: 'warn' },
  };
  const alone = { ...(await configInMemory(input, process.cwd(), load)), hasGuessedIds: true };
  if (options.config === undefined) return alone;
  const configured = await loadConfig(load);
  return { ...configured, upstreams: alone.upstreams, hasGuessedIds: true };
}

function startedServer(options: RunOptions, [command, ...args]: readonly string[]): [string, UpstreamInput] {
  if (command === undefined) {
    throw new CliError('run: found no server; expected "-- COMMAND [ARGUMENT...]" or "--url URL"', 2);
  }
  if (options.header.length > 0) throw new CliError('--header: found a program; expected --url with it', 2);
  return [nameOfCommand(command, args), { command, args, env: readVariables(options.env) }];
}

function reachedServer(
  { url = '', header, env }: RunOptions,
  command: readonly string[],
): [string, UpstreamInput] {
  if (command.length > 0) throw new CliError('run: found --url and a command; expected one of them', 2);
  if (env.length > 0) throw new CliError('--env: found --url; expected a program with it', 2);
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new CliError(`--url: found ${JSON.stringify(url)}; expected an http or https URL`, 2);
  }
  return [nameOfUrl(url), { url, headers: readHeaders(header) }];
}

function readVariables(entries: readonly string[]): Record<string, string> {
  const environment = processEnvironment();
  const variables = entries.map((entry) => {
    const at = entry.indexOf('=');
    if (at > 0) return [entry.slice(0, at), entry.slice(at + 1)] as const;
    const value = environment[entry];
    if (value === undefined) {
      throw new CliError(
        `--env: found ${JSON.stringify(entry)}, which is not set; expected NAME or NAME=VALUE`,
        2,
      );
    }
    return [entry, value.length < leastSecretLength ? value : `env:${entry}`] as const;
  });
  return Object.fromEntries(variables);
}
