import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DemoGateway, startDemo } from './demo-gateway.js';
import { freePort, root, run } from './gateway-process.js';

let demo: DemoGateway;
beforeAll(async () => {
  demo = await startDemo('admin,agent');
});
afterAll(() => demo.stop());

it('the quickstart runs as it is printed, against what `npm start` starts', async () => {
  const upstreamPort = await freePort();
  const everything = createRequire(import.meta.url).resolve(
    '@modelcontextprotocol/server-everything/dist/index.js',
  );
  await demo.start([everything, 'streamableHttp'], String(upstreamPort), { PORT: String(upstreamPort) });
  const env = {
    ...demo.env,
    SALLYPORT_URL: demo.url,
    SALLYPORT_KEY: demo.key,
    UPSTREAM_URL: `http://127.0.0.1:${upstreamPort}/mcp`,
  };
  const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
  const { code, stdout, stderr } = await run([process.execPath, jiti, join(root, 'examples/quickstart.ts')], {
    cwd: root,
    env,
  });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("text: 'Echo: hello'");
  expect(stdout).toMatch(/Refused: .*no rule/i);
  expect(stdout).toContain('Left of the budget: 25');
  expect(stdout).toMatch(/me get-tiny-image deny\n\S+ me echo allow/);
});
