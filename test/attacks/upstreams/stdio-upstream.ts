import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Received, Script } from './fixture-server.mjs';

/** The harness's end of a fixture upstream that the gateway starts as a child: how to start it, what it got. */
export class StdioUpstream {
  readonly command: string = process.execPath;
  readonly args: readonly string[];
  readonly #id: string;
  readonly #folder: string;

  constructor(id: string, folder: string, eras: readonly ('modern' | 'legacy')[]) {
    this.#id = id;
    this.#folder = folder;
    this.args = [fileURLToPath(new URL('stdio.mjs', import.meta.url)), id, folder, ...eras];
    writeFileSync(join(folder, `${id}.jsonl`), '');
  }

  get received(): readonly Received[] {
    const lines = readFileSync(join(this.#folder, `${this.#id}.jsonl`), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line): Received => JSON.parse(line));
  }

  script(script: Script): void {
    writeFileSync(join(this.#folder, `${this.#id}.script.json`), JSON.stringify(script));
  }
}
