import type { IPty } from '@lydell/node-pty';
import { childEnvironment, type Environment, gatewayMain, until } from '../gateway-process.js';

/** Loads what makes pseudo-terminals; undefined on a system that has none, which says so and is a failure under CI. */
async function loadPty(): Promise<typeof import('@lydell/node-pty') | undefined> {
  try {
    const pty = await import('@lydell/node-pty');
    pty.spawn(process.execPath, ['-e', ''], {}).kill();
    return pty;
  } catch (cause) {
    if (process.env.SALLYPORT_CI === '1') throw cause;
    process.stderr.write(`SKIPPED: there is no pseudo-terminal here: ${String(cause)}\n`);
    return undefined;
  }
}

const pty = await loadPty();
export const hasPseudoTerminal = pty !== undefined;

/** A program on a pseudo-terminal of its own, as a person has it before them. */
export class PseudoTerminal {
  readonly #process: IPty;
  /** Everything that was shown so far. */
  text = '';
  exitCode: number | undefined;

  /** `sallyport ARGS…` */
  static sallyport(folder: string, args: readonly string[], env: Environment = {}): PseudoTerminal {
    return new PseudoTerminal([gatewayMain, ...args], folder, env);
  }

  /** A program for Node, with its arguments. */
  constructor(args: readonly string[], folder: string, env: Environment = {}) {
    if (pty === undefined) throw new Error('there is no pseudo-terminal');
    this.#process = pty.spawn(process.execPath, [...args], {
      name: 'xterm',
      cols: 100,
      rows: 40,
      cwd: folder,
      env: { ...childEnvironment(folder), ...env },
    });
    this.#process.onData((text) => {
      this.text += text;
    });
    this.#process.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
    });
  }

  type(text: string): void {
    this.#process.write(text);
  }

  /** Waits until a text is shown after `from`; returns what was shown up to it. */
  async shows(text: string, from = 0): Promise<string> {
    await until(`${JSON.stringify(text)} on the terminal, which shows\n${this.text}`, () => {
      return this.text.indexOf(text, from) >= 0 || this.exitCode !== undefined;
    });
    const at = this.text.indexOf(text, from);
    if (at < 0) throw new Error(`the program ended with ${this.exitCode} and showed\n${this.text}`);
    return this.text.slice(from, at + text.length);
  }

  async ended(): Promise<number> {
    await until('the program to end', () => this.exitCode !== undefined);
    return this.exitCode ?? -1;
  }

  kill(): void {
    if (this.exitCode === undefined) this.#process.kill('SIGKILL');
  }
}
