import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { SourceFiles } from './parsed-module.js';

/** The TypeScript sources of every workspace below `root`. */
export function readSources(root: string): SourceFiles {
  const files = new Map<string, string>();
  for (const workspace of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', workspace, 'src');
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8'));
    }
  }
  return files;
}
