import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const main = fileURLToPath(new URL('../../packages/gateway/dist/cli/main.js', import.meta.url));

/** One record of the audit trail, as far as the corpus asks about it. */
export interface TrailRecord {
  readonly type: string;
  readonly at: string;
  readonly caller?: { readonly id: string };
  readonly effect?: string;
  readonly outcome?: string;
}

export interface GatewayOptions {
  /** Everything of the configuration except where it listens and keeps its data. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly listen: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** The gateway as people run it: its own process, made keys, a configuration file, a data folder. */
export class Gateway {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #log = '';

  private constructor(port: number, folder: string, environment: Readonly<Record<string, string>>) {
    this.port = port;
    this.#folder = folder;
    this.#environment = { PATH: process.env.PATH, HOME: folder, ...environment };
  }

  /** Writes the configuration; keys can be made, and then it can be started. */
  static async prepare(options: GatewayOptions): Promise<Gateway> {
    if (!existsSync(main)) throw new Error(`${main} does not exist; run: npm run build`);
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-attacks-'));
    const gateway = new Gateway(await freePort(), folder, options.environment);
    const listen = { host: gateway.host, port: gateway.port, ...options.listen };
    // JSON is YAML.
    writeFileSync(
      gateway.#configFile,
      JSON.stringify({ ...options.config, listen, dataDir: join(folder, 'data') }),
    );
    return gateway;
  }

  get #configFile(): string {
    return join(this.#folder, 'sallyport.config.yaml');
  }

  async createKey(principal: string): Promise<string> {
    const text = await this.#command('keys', 'create', '--principal', principal, '--json');
    const key = /sp_[a-z]+_[\w-]+/.exec(text)?.[0];
    if (key === undefined) throw new Error(`keys create printed no key: ${text}`);
    return key;
  }

  async start(): Promise<void> {
    this.#child = spawn(process.execPath, [main, 'start', '--config', this.#configFile], {
      cwd: this.#folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
    }
    const deadline = Date.now() + 30_000;
    let last = '';
    while (Date.now() < deadline) {
      if (!this.running) throw new Error(`the gateway ended at its start:\n${this.#log}`);
      const response = await fetch(`http://${this.host}:${this.port}/readyz`).catch(() => undefined);
      if (response?.status === 200) return;
      last = (await response?.text()) ?? '';
      await sleep(50);
    }
    throw new Error(`the gateway did not become ready: ${last}\n${this.#log}`);
  }

  /** Whether the process that was started still runs. */
  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Everything the gateway wrote to stdout and stderr. */
  get log(): string {
    return this.#log;
  }

  /** The newest records of the trail, whole. */
  async audit(): Promise<TrailRecord[]> {
    const text = await this.#command('audit', 'query', '--json', '--limit', '1000');
    const rows: (TrailRecord & { record?: TrailRecord })[] = text.trimStart().startsWith('[')
      ? JSON.parse(text)
      : text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => JSON.parse(line));
    return rows.map((row) => row.record ?? row);
  }

  /** Every byte under the data folder, one character each. */
  dumpStorage(): string {
    const folder = join(this.#folder, 'data');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && this.running) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(late);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #command(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [main, ...args, '--config', this.#configFile],
      {
        cwd: this.#folder,
        env: this.#environment,
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return stdout;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
