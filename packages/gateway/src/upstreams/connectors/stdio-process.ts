import type { ChildProcess } from 'node:child_process';
import spawn from 'cross-spawn';
import type { Clock } from '../../lib/clock.js';
import { LineReader } from '../../lib/line-reader.js';
import type { Log } from '../../model/log.js';
import { groupExists, signalGroup } from './stdio-group.js';
import { StderrTail } from './stdio-stderr.js';
import type { StdioWatchdog } from './stdio-watchdog.js';
import { LineWriter } from './stdio-writer.js';

/** One message; larger than the cap on results, because JSON in a line is escaped. */
const longestLine = 16 * 1024 * 1024;
const pollMs = 20;
const lastOutputMs = 250;
const ignore = () => undefined;

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: (text: string) => string;
  readonly watchdog: StdioWatchdog;
}

export interface ProcessEvents {
  /** Hears no blank lines. */
  readonly onLine: (line: Buffer) => void;
  readonly onSkipped: (bytes: number) => void;
  /** Called once, after the last line, or when the process does not read any more. */
  readonly onExit: (reason: string) => void;
}

/** A child with its descendants, in a process group of its own, with nothing of ours but three pipes. */
export class StdioProcess {
  readonly #child: ChildProcess;
  readonly #deps: ProcessDeps;
  readonly #events: ProcessEvents;
  readonly #writer: LineWriter | undefined;
  readonly #stderr: StderrTail;
  #exited = false;
  #reaped: Promise<void> | undefined;

  constructor(launch: Launch, deps: ProcessDeps, events: ProcessEvents) {
    this.#deps = deps;
    this.#events = events;
    this.#stderr = new StderrTail(deps.log, deps.redact);
    const child = spawn(launch.command, [...launch.args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...launch.env },
      shell: false,
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
    });
    this.#child = child;
    if (child.pid !== undefined) deps.watchdog.guard(child.pid, deps.log);
    this.#writer =
      child.stdin === null ? undefined : new LineWriter(child.stdin, () => this.#onInputClosed());
    const heard = { line: events.onLine, tooLong: ignore, dropped: events.onSkipped };
    const lines = new LineReader(longestLine, heard);
    child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#stderr.feed(chunk));
    child.on('error', (cause) => this.#finish(`cannot start "${launch.command}": ${cause.message}`));
    child.on('exit', (code, signal) => this.#onExit(code, signal));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The number of the last line that was taken, from 1. */
  get taken(): number {
    return this.#writer?.taken ?? 0;
  }

  /** Whether it leaves much unread. */
  get behind(): boolean {
    return this.#writer?.behind ?? false;
  }

  /** False when the child has too much unread input, or closed it; the line was not taken then. */
  write(line: string): boolean {
    return this.#writer?.write(line) ?? false;
  }

  /** Whether a line that was taken never reached the child and never will. */
  hasLost(line: number): boolean {
    return this.#writer?.hasLost(line) ?? true;
  }

  /** Closes its input, then asks the group to end after 1 s, and makes it end after 2 s more. */
  async stop(): Promise<void> {
    this.#writer?.end();
    if (this.#child.pid === undefined) return;
    if (!(await this.#goneWithin(1000))) await this.#reap();
    this.#deps.watchdog.release(this.#child.pid);
  }

  /** What it wrote last may still be in the pipe, so the end is told a moment later, or when the pipes close. */
  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    const how = signal === null ? `exited with code ${code ?? 'unknown'}` : `was ended by ${signal}`;
    const finish = () => {
      const words = this.#stderr.lastWords();
      this.#finish(words === '' ? `the process ${how}` : `the process ${how}: ${words}`);
    };
    this.#deps.clock.after(lastOutputMs, finish);
    this.#child.on('close', finish);
    void this.#reap().then(
      () => this.#child.pid !== undefined && this.#deps.watchdog.release(this.#child.pid),
    );
  }

  /** A pipe also closes when the process ends; then its end says more. */
  #onInputClosed(): void {
    this.#deps.clock.after(lastOutputMs, () => {
      const { exitCode, signalCode } = this.#child;
      if (exitCode === null && signalCode === null) this.#finish('the process closed its input');
    });
  }

  #finish(reason: string): void {
    if (this.#exited) return;
    this.#exited = true;
    this.#events.onExit(reason);
  }

  /** Ends whatever is left of the group, once. */
  #reap(): Promise<void> {
    this.#reaped ??= this.#endGroup();
    return this.#reaped;
  }

  async #endGroup(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || !groupExists(pid)) return;
    signalGroup(pid, 'SIGTERM');
    if (await this.#goneWithin(2000)) return;
    signalGroup(pid, 'SIGKILL');
    await this.#goneWithin(1000);
  }

  async #goneWithin(ms: number): Promise<boolean> {
    const { pid } = this.#child;
    const { clock } = this.#deps;
    const until = clock.now() + ms;
    while (pid !== undefined && groupExists(pid)) {
      if (clock.now() >= until) return false;
      await new Promise<void>((resolve) => clock.after(pollMs, resolve));
    }
    return true;
  }
}
