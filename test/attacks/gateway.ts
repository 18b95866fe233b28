import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Turns the clock of the process that it is loaded into; see the step `clock`. */
const turnedClock = new URL('turned-clock.mjs', import.meta.url).href;
const main = fileURLToPath(new URL('../../packages/gateway/dist/cli/main.js', import.meta.url));

/** What the gateway logs when it has taken a changed configuration. */
const reloaded = 'the configuration was changed';

/** One record of the audit trail, as far as the corpus asks about it. */
export interface TrailRecord {
  readonly type: string;
  readonly at: string;
  readonly caller?: { readonly id: string };
  readonly effect?: string;
  readonly outcome?: string;
}

/** The parts of the configuration that cases change. */
export interface Config {
  readonly upstreams: Readonly<
    Record<string, { readonly args?: readonly string[]; readonly [member: string]: unknown }>
  >;
  readonly policy: { readonly rules: readonly unknown[]; readonly [member: string]: unknown };
  readonly [member: string]: unknown;
}

export interface GatewayOptions {
  /** Everything of the configuration except where it listens and keeps its data. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly listen: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether a case sets the time that the gateway sees. */
  readonly turnsClock: boolean;
}

/** The gateway as people run it: its own process, made keys, a configuration file, a data folder. */
export class Gateway {
  readonly host = '127.0.0.1';
  readonly port: number;
  /** Where it was started. */
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #turnsClock: boolean;
  #config: Readonly<Record<string, unknown>>;
  #child: ChildProcess | undefined;
  #log = '';

  private constructor(port: number, folder: string, { config, environment, turnsClock }: GatewayOptions) {
    this.port = port;
    this.folder = folder;
    this.#turnsClock = turnsClock;
    this.#config = config;
    this.#environment = { PATH: process.env.PATH, HOME: folder, ...environment };
  }

  /** Writes the configuration; keys can be made, and then it can be started. */
  static async prepare(options: GatewayOptions): Promise<Gateway> {
    if (!existsSync(main)) throw new Error(`${main} does not exist; run: npm run build`);
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-attacks-'));
    const port = await freePort();
    const listen = { host: '127.0.0.1', port, ...options.listen };
    const config = { ...options.config, listen, dataDir: join(folder, 'data') };
    const gateway = new Gateway(port, folder, { ...options, config });
    // JSON is YAML.
    writeFileSync(gateway.#configFile, JSON.stringify(config));
    return gateway;
  }

  /** Changes the configuration; resolves when the running gateway has taken it. */
  async reconfigure(change: (config: Config) => Config): Promise<void> {
    this.#config = change(this.#config as Config);
    const before = this.#log.length;
    writeFileSync(this.#configFile, JSON.stringify(this.#config));
    const deadline = Date.now() + 20_000;
    while (!this.#log.slice(before).includes(reloaded)) {
      if (Date.now() > deadline) throw new Error(`no reload:\n${this.#log.slice(before)}`);
      await sleep(20);
    }
  }

  get #configFile(): string {
    return join(this.folder, 'sallyport.config.yaml');
  }

  async createKey(principal: string, ...more: string[]): Promise<string> {
    const text = await this.#command('keys', 'create', '--principal', principal, ...more, '--json');
    const key = /sp_[a-z]+_[\w-]+/.exec(text)?.[0];
    if (key === undefined) throw new Error(`keys create printed no key: ${text}`);
    return key;
  }

  async revokeKeyOf(principal: string): Promise<void> {
    const text = await this.#command('keys', 'list', '--json');
    const { keys }: { keys: { id: string; principal: string }[] } = JSON.parse(text);
    for (const key of keys) if (key.principal === principal) await this.#command('keys', 'revoke', key.id);
  }

  /** Everything that administrators decide: who has a key for what, and the configuration in force. */
  async adminState(): Promise<string> {
    const { keys } = JSON.parse(await this.#command('keys', 'list', '--json')) as { keys: object[] };
    const lasting = keys.map((key) => ({ ...key, lastUsedAt: undefined }));
    return JSON.stringify([lasting, await this.#command('config', 'show')]);
  }

  /** Accepts every definition of an upstream that waits. */
  async acceptPins(upstream: string): Promise<void> {
    await this.#command('upstreams', 'pins', 'accept', upstream, '--all');
  }

  async start(): Promise<void> {
    const preload = this.#turnsClock ? ['--import', turnedClock] : [];
    this.#child = spawn(process.execPath, [...preload, main, 'start', '--config', this.#configFile], {
      cwd: this.folder,
      env: { ...this.#environment, TURNED_CLOCK: this.#clockFile },
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

  /** Sets the time that the gateway sees; it stands still there. */
  turnClock(time: string): void {
    writeFileSync(this.#clockFile, String(Date.parse(time)));
  }

  get #clockFile(): string {
    return join(this.folder, 'clock');
  }

  /** Whether the process that was started still runs. */
  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends it without a chance to tidy up. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Mebibytes of memory that the process holds; Linux only. */
  get residentMib(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
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
    const folder = join(this.folder, 'data');
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
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #command(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [main, ...args, '--config', this.#configFile],
      {
        cwd: this.folder,
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
