import { version } from '../../app/version.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { print, printJson } from '../terminal.js';

export function printVersion(options: CommonOptions & JsonOption): Promise<number> {
  if (options.json === true) printJson({ name: 'sallyport', version, node: process.versions.node });
  else print(version);
  return Promise.resolve(0);
}
