import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Endpoint } from './raw-http.js';

/** A response that goes on. */
export interface OpenStream {
  /** Settles when the other side has ended it. */
  readonly ended: Promise<void>;
  /** Everything that came so far. */
  readonly text: string;
  readonly isOpen: boolean;
  close(): void;
}

/** Sends bytes and resolves when a stream of events has begun; rejects for any other answer. */
export async function openStream(endpoint: Endpoint, bytes: Buffer): Promise<OpenStream> {
  const socket = connect(endpoint);
  let text = '';
  let isOpen = true;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  const ended = new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      isOpen = false;
      resolve();
    });
  });
  socket.write(bytes);
  while (isOpen && !text.includes('\r\n\r\n')) await Promise.race([once(socket, 'data'), ended]);
  if (!/^HTTP\/1\.1 200 [\s\S]*content-type: text\/event-stream/i.test(text)) {
    socket.destroy();
    throw new Error(`no stream was opened: ${text.slice(0, 500)}`);
  }
  return {
    ended,
    get text() {
      return text;
    },
    get isOpen() {
      return isOpen;
    },
    close: () => socket.destroy(),
  };
}

/** Many connections over which no whole request is sent. */
export class OpenConnections {
  /** Settles when the other side, or `close`, has ended all of them. */
  readonly ended: Promise<unknown>;
  readonly #sockets: readonly Socket[];

  constructor(endpoint: Endpoint, count: number) {
    this.#sockets = Array.from({ length: count }, () => connect(endpoint));
    this.ended = Promise.all(
      this.#sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.on('error', () => undefined);
            socket.on('close', () => resolve());
            socket.resume();
          }),
      ),
    );
  }

  get open(): number {
    return this.#sockets.filter((socket) => !socket.destroyed).length;
  }

  write(text: string): void {
    for (const socket of this.#sockets) if (socket.writable) socket.write(text);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
