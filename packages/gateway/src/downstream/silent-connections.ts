import type { Socket } from 'node:net';

/**
 * The connections over which no request has come yet. There is room for `most`; beyond that the oldest is ended, so that
 * whoever opens connections and says nothing keeps nobody out who has something to say.
 */
export class SilentConnections {
  readonly #most: number;
  /** In the order in which they were opened. */
  readonly #sockets = new Set<Socket>();

  constructor(most: number) {
    this.#most = most;
  }

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.remove(socket));
    if (this.#sockets.size <= this.#most) return;
    const [oldest] = this.#sockets;
    if (oldest === undefined) return;
    this.remove(oldest);
    oldest.destroy();
  }

  /** A request has come over it, or it has ended. */
  remove(socket: Socket): void {
    this.#sockets.delete(socket);
  }
}
