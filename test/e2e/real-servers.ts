import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

export interface ServerCommand {
  readonly command: string;
  readonly args: string[];
}

/** The two reference servers, as any client would start them. `folder` is what the second one may read. */
export function realServers(folder: string): { everything: ServerCommand; files: ServerCommand } {
  return {
    everything: { command: process.execPath, args: [entry('server-everything'), 'stdio'] },
    files: { command: process.execPath, args: [entry('server-filesystem'), folder] },
  };
}

export function entry(name: string): string {
  return join(dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), 'dist/index.js');
}

/** A folder with some files in it, under its real path, since the file server compares paths. */
export function sampleFolder(parent: string): string {
  const folder = join(parent, 'files');
  mkdirSync(join(folder, 'notes'), { recursive: true });
  writeFileSync(join(folder, 'hello.txt'), 'Grüße, 世界 👋\n');
  writeFileSync(join(folder, 'notes', 'numbers.json'), '{"big": 12345678901234567890, "one": 1.0}\n');
  return realpathSync(folder);
}
