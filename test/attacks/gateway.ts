import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, until } from '../e2e/gateway-process.js';
import type { ConfiguredPerson } from './fixture-people.js';

/** Turns the clock of the process that it is loaded into; see the step `clock`. */
const turnedClock = new URL('turned-clock.mjs', import.meta.url).href;
const main = fileURLToPath(new URL('../../packages/gateway/dist/cli/main.js', import.meta.url));

/** What the gateway logs when it has taken a changed configuration, and when it has not. */
const reloaded = 'the configuration was changed';
const refused = 'the changed configuration was refused';

/** One record of the audit trail, as far as the corpus asks about it. */
export interface TrailRecord {
  readonly type: string;
  readonly at: string;
  readonly caller?: { readonly id: string };
  readonly effect?: string;
  readonly outcome?: string;
  readonly hold?: string;
}

/** The parts of the configuration that cases change. */
export interface Config {
  readonly upstreams: Readonly<
    Record<string, { readonly args?: readonly string[]; readonly [member: string]: unknown }>
  >;
  readonly auth: { readonly tokens: readonly ConfiguredPerson[]; readonly [member: string]: unknown };
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
  #adminKey = '';

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
    for (const file of [gateway.#configFile, gateway.#commandsFile])
      writeFileSync(file, JSON.stringify(config));
    return gateway;
  }

  /** Changes the configuration; resolves when the running gateway has taken it. */
  async reconfigure(change: (config: Config) => Config): Promise<void> {
    this.#config = change(this.#config as Config);
    await this.#write(JSON.stringify(this.#config), reloaded);
  }

  /** Writes a configuration that cannot work; resolves when the running gateway has said so. */
  async misconfigure(change: string | ((config: Config) => Config)): Promise<void> {
    const text = typeof change === 'string' ? change : JSON.stringify(change(this.#config as Config));
    await this.#write(text, refused);
  }

  async #write(text: string, logged: string): Promise<void> {
    const before = this.#log.length;
    writeFileSync(this.#configFile, text);
    const said = () => this.#log.slice(before).includes(logged);
    await until(`"${logged}"`, said, 20_000).catch((cause: Error) => {
      throw new Error(`${cause.message}:\n${this.#log.slice(before)}`);
    });
  }

  get #configFile(): string {
    return join(this.folder, 'sallyport.config.yaml');
  }

  /** For commands, which work while the file that the gateway reads does not. */
  get #commandsFile(): string {
    return join(this.folder, 'commands.yaml');
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

  /** Of an agent, made by the administrator. */
  async createAgentKey(principal: string, labels: Readonly<Record<string, string>>): Promise<string> {
    const body = JSON.stringify({ principal, labels });
    const made = (await this.#asAdmin('/v1/keys', { method: 'POST', body })) as { key: string };
    return made.key;
  }

  /** Everything that administrators decide: who may what, and the configuration and policies in force. */
  async adminState(): Promise<string> {
    const paths = ['/v1/keys?limit=1000', '/v1/principals?limit=1000', '/v1/config', '/v1/policies'];
    const all = await Promise.all(paths.map((path) => this.#asAdmin(path)));
    return JSON.stringify(all, (name, value) => (name === 'last_used' ? undefined : value));
  }

  async #asAdmin(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { Authorization: `Bearer ${this.#adminKey}`, 'Content-Type': 'application/json' };
    const response = await fetch(`http://${this.host}:${this.port}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  /** Accepts every definition of an upstream that waits. */
  async acceptPins(upstream: string): Promise<void> {
    await this.#command('upstreams', 'pins', 'accept', upstream, '--all');
  }

  /** Starts it; `adminKey` is that of an administrator. */
  async start(adminKey: string = this.#adminKey): Promise<void> {
    this.#adminKey = adminKey;
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
    this.#setClock(String(Date.parse(time)));
  }

  /** Puts the clock of the gateway forward; it goes on from there. */
  advanceClock(seconds: number): void {
    this.#setClock(`+${seconds * 1000}`);
  }

  /** In one step, for the gateway reads it all the time. */
  #setClock(text: string): void {
    writeFileSync(`${this.#clockFile}.new`, text);
    renameSync(`${this.#clockFile}.new`, this.#clockFile);
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

  /** Kills it, and starts it again on the same data. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
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
      [main, ...args, '--config', this.#commandsFile],
      {
        cwd: this.folder,
        env: this.#environment,
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return stdout;
  }
}
