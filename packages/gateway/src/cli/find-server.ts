import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The script behind the command of an npm package, looked for from a folder and from this package; else nothing. */
export async function findServer(packageName: string, folder: string): Promise<string | undefined> {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    const manifestPath = resolveFrom(from, `${packageName}/package.json`);
    if (manifestPath === undefined) continue;
    const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as {
      bin?: string | Record<string, string>;
    };
    const script = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin ?? {})[0];
    if (script !== undefined) return join(dirname(manifestPath), script);
  }
  return undefined;
}

function resolveFrom(from: string, specifier: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}
