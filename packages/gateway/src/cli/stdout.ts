import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { systemClock } from '../lib/clock.js';

/** How long a client that does not read may keep a gateway that has ended. */
const patienceMs = 1000;

let reserved = false;

/** Lets a command end as soon as nobody reads what it prints: a reader that closes early (`| head`) has what it wanted. */
export function endWithReader(): void {
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    // The end of a conversation is for the gateway to see: calls under way have an outcome to record.
    if (!reserved) process.exit(cause.code === 'EPIPE' ? 0 : 1);
  });
}

/** stdout carries the protocol alone: whatever a configuration or a library prints goes to stderr. */
export function reserveStdout(): void {
  reserved = true;
  globalThis.console = new Console(process.stderr, process.stderr);
}

/** stdout as a stream that fails once and for good when its reader leaves; the one of the process fails again and again. */
export function protocolOutput(): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => void process.stdout.write(chunk, done),
  });
}

/** Resolves when everything printed is out; a client that stopped reading is not waited for longer than a second. */
export function stdoutWritten(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => resolve());
    if (reserved) systemClock.after(patienceMs, resolve);
  });
}
