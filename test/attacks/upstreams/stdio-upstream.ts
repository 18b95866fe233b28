import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
    writeFileSync(this.#file('jsonl'), '');
    writeFileSync(this.#file('pids'), '');
  }

  get received(): readonly Received[] {
    return linesOf(this.#file('jsonl')).map((line): Received => JSON.parse(line));
  }

  /** Of every process that was ever started for it, and of their children, in the order of their starts. */
  get pids(): readonly number[] {
    return linesOf(this.#file('pids')).map(Number);
  }

  /** Resolves when a process of it has done so. */
  async script(script: Script): Promise<void> {
    if (script.crash_on_start === true) writeFileSync(this.#file('crash'), '');
    rmSync(this.#file('done'), { force: true });
    writeFileSync(this.#file('script.new'), JSON.stringify(script));
    renameSync(this.#file('script.new'), this.#file('script.json'));
    for (const deadline = Date.now() + 60_000; !existsSync(this.#file('done')); await sleep(10)) {
      if (Date.now() > deadline) throw new Error(`${this.#id} did not do ${JSON.stringify(script)}`);
    }
  }

  #file(ending: string): string {
    return join(this.#folder, `${this.#id}.${ending}`);
  }
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
