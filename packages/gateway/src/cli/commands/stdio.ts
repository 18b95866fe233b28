import { loadConfig } from '../../app/config/load-config.js';
import { type CommonOptions, loadOptions, sayWarnings } from '../common-options.js';
import { speakStdio } from '../speak-stdio.js';
import { reserveStdout } from '../stdout.js';

interface StdioCommandOptions extends CommonOptions {
  readonly as: string;
  readonly prompt: boolean;
  readonly logLevel?: string;
}

/** `stdio`: all configured upstreams for a client that started this process. */
export async function stdio(options: StdioCommandOptions): Promise<number> {
  reserveStdout();
  const config = await loadConfig({ ...loadOptions(options), logLevel: options.logLevel });
  sayWarnings(config);
  return speakStdio({ config, as: options.as, prompt: options.prompt });
}
