import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../lib/clock.js';
import { ConfigError } from './config/config-error.js';

/** Resolves with the URL once the server listens; a taken or forbidden port is a ConfigError that says so. */
export function listenOn(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => reject(unableToListen(cause, host, port));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      const bound = (server.address() as AddressInfo).port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it or choose another port',
  EACCES: 'this user may not listen there; choose a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address',
};

function unableToListen(cause: NodeJS.ErrnoException, host: string, port: number): ConfigError {
  const reason = reasons[cause.code ?? ''] ?? cause.message;
  return new ConfigError([{ path: 'listen', message: `cannot listen on ${host}:${port}: ${reason}` }]);
}

/** No new connections; resolves when the last one has ended. */
export function stopAccepting(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

const sweepMs = 20;
const patienceMs = 1000;

/** Ends each connection once its last reply is out; whoever does not read that within a second is cut off. */
export function endConnections(server: Server, clock: Clock, waitedMs = 0): void {
  if (waitedMs >= patienceMs) {
    server.closeAllConnections();
    return;
  }
  server.closeIdleConnections();
  clock.after(sweepMs, () => endConnections(server, clock, waitedMs + sweepMs));
}

/** What a listener answers for a face that it does not serve. */
export function notServedHere(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain', Connection: 'close' }).end('not served here\n');
}
