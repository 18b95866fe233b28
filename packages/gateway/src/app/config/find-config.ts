import { readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.js';

const extensions = ['ts', 'js', 'mjs', 'yaml', 'yml', 'json'];
const names = extensions.map((extension) => `sallyport.config.${extension}`);

/** The configuration file of a folder, or nothing; several are a problem, as nobody could say which one is meant. */
export async function findConfig(folder: string): Promise<string | undefined> {
  const present = new Set(await readdir(folder).catch(() => []));
  const found = names.filter((name) => present.has(name));
  if (found.length < 2) return found[0] === undefined ? undefined : resolve(folder, found[0]);
  const message = `found ${found.join(' and ')} in ${folder}; expected one of them; name it with --config FILE`;
  throw new ConfigError([{ path: '', message }]);
}

/** The file that somebody named, made absolute; it must be there and of a kind that can be read. */
export async function namedConfig(file: string, folder: string): Promise<string> {
  const path = resolve(folder, file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) {
    const message = `found ${found === undefined ? 'nothing' : 'no file'} at ${path}; expected a configuration file`;
    throw new ConfigError([{ path: '', message }]);
  }
  if (extensions.some((extension) => path.endsWith(`.${extension}`))) return path;
  const message = `expected a file ending in ${extensions.map((extension) => `.${extension}`).join(', ')}`;
  throw new ConfigError([{ path: '', message, file: path }]);
}

/** What to say where a configuration is needed and there is none. */
export function noConfig(folder: string): ConfigError {
  const message = `found no configuration in ${folder}; expected ${names.join(', ')}; create one, name one with --config FILE, or try "sallyport demo"`;
  return new ConfigError([{ path: '', message }]);
}
