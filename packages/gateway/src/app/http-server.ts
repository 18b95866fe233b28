import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** Stops accepting, ends idle connections, and resolves when the last reply is out. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/** What a listener answers for a face that it does not serve. */
export function notServedHere(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain', Connection: 'close' }).end('not served here\n');
}
