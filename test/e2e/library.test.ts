import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { freePort, root, run, scratchFolder } from './gateway-process.js';

const scratch = scratchFolder();
afterAll(scratch.remove);

it('serves from a program of its own, which ends when the gateway is stopped', async () => {
  const entry = join(root, 'packages/gateway/dist/exports/index.js');
  const port = await freePort();
  const program = `
    import { createGateway, defineConfig } from ${JSON.stringify(entry)};
    const config = defineConfig({ upstreams: {}, listen: { port: ${port} } });
    const gateway = await createGateway({ config });
    const { url } = await gateway.start();
    const alive = await fetch(url + '/livez');
    console.log(url, alive.status, (await fetch(url + '/mcp', { method: 'POST' })).status);
    await gateway.stop('done');`;
  const command = [process.execPath, '--input-type=module', '-e', program];
  const ended = await run(command, { cwd: scratch.path, env: { PATH: process.env.PATH ?? '' } });
  expect(ended).toEqual({ code: 0, stdout: `http://127.0.0.1:${port} 200 401\n`, stderr: '' });
});

it('ends by itself when it is stopped with a server that has to be waited for', async () => {
  const entry = join(root, 'packages/gateway/dist/exports/index.js');
  const server = join(root, 'test/fixtures/waiting-server.mjs');
  const program = `
    import { createGateway, defineConfig } from ${JSON.stringify(entry)};
    const child = { command: process.execPath, args: [${JSON.stringify(server)}] };
    const gateway = await createGateway({ config: defineConfig({ upstreams: { child }, listen: { port: 0 } }) });
    await gateway.start();
    await gateway.stop('done');
    console.log('stopped');`;
  const command = [process.execPath, '--input-type=module', '-e', program];
  const ended = await run(command, { cwd: scratch.path, env: { PATH: process.env.PATH ?? '' } });
  expect(ended).toMatchObject({ code: 0, stdout: 'stopped\n' });
});
