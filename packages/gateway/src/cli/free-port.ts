import { createServer } from 'node:net';
import { CliError } from './cli-error.js';

const tries = 100;

/** The first port from `wanted` upwards that nobody listens on. */
export async function freePort(host: string, wanted: number): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + tries, 65_536); port++) {
    if (await isFree(host, port)) return port;
  }
  throw new CliError(
    `--port: found ${wanted} and the ${tries - 1} ports after it taken; expected a free one`,
  );
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
