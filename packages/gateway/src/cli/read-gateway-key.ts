import { readFile } from 'node:fs/promises';
import { processEnvironment } from '../app/config/environment.js';
import { CliError } from './cli-error.js';

const keyVariable = 'SALLYPORT_KEY';

/**
 * The key that a command shows to a gateway: from the file that is named, or from the environment. Never from an argument,
 * which every user of the machine can read. `whose` says for people whose key it must be.
 */
export async function readGatewayKey(keyFile: string | undefined, whose: string): Promise<string> {
  if (keyFile === undefined) {
    const key = processEnvironment()[keyVariable]?.trim() ?? '';
    if (key !== '') return key;
    throw new CliError(`--gateway: found no key; set ${keyVariable} or --key-file to the key of ${whose}`, 2);
  }
  return readFile(keyFile, 'utf8').then(
    (text) => text.trim(),
    (cause: Error) => {
      throw new CliError(`--key-file: ${cause.message}`, 1, cause);
    },
  );
}
