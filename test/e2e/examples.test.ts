import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoGateway, startDemo } from './demo-gateway.js';
import { root, run } from './gateway-process.js';

let demo: DemoGateway;
beforeAll(async () => {
  demo = await startDemo('agent');
});
afterAll(() => demo.stop());

/** What both examples export; of the tools each library makes its own. */
interface Example {
  readonly gatewayTools: (gateway: { url: string; key: string }) => Promise<{
    readonly tools: never;
    readonly close: () => Promise<void>;
  }>;
}
type Call = (tools: never, name: string, args: object) => Promise<unknown>;

const callWithAiSdk: Call = (tools: Record<string, { execute: Run }>, name, args) =>
  tools[name]?.execute(args, { toolCallId: '1', messages: [] }) ?? Promise.reject(new Error(`no ${name}`));
const callWithLangChain: Call = (tools: readonly { name: string; invoke: Run }[], name, args) =>
  tools.find((tool) => tool.name === name)?.invoke(args) ?? Promise.reject(new Error(`no ${name}`));
type Run = (args: object, options?: object) => Promise<unknown>;

/** What a call came to, whether the library throws what the gateway refuses or hands it on. */
const told = (outcome: Promise<unknown>) => outcome.then((value) => JSON.stringify(value), String);

function dependenciesIn(folder: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { ...manifest.dependencies, ...manifest.devDependencies };
}

describe.each([
  ['ai-sdk', callWithAiSdk],
  ['langchain', callWithLangChain],
] as const)('the example %s, against what `npm start` starts', (name, call) => {
  const script = join(root, 'examples', name, 'tools.mjs');

  it('lists as it is printed the tools that the caller may know', async () => {
    const env = { ...demo.env, SALLYPORT_URL: demo.url, SALLYPORT_KEY: demo.key };
    const { code, stdout, stderr } = await run([process.execPath, script], { cwd: root, env });
    expect(code, stderr).toBe(0);
    const listed = stdout.trim().split('\n');
    expect(listed).toEqual(expect.arrayContaining(['echo', 'read_text_file']));
    for (const closed of ['get-env', 'write_file']) expect(listed).not.toContain(closed);
  });

  it('gives tools whose calls the gateway decides', async () => {
    const { gatewayTools } = (await import(pathToFileURL(script).href)) as Example;
    const { tools, close } = await gatewayTools({ url: demo.url, key: demo.key });
    try {
      expect(await told(call(tools, 'echo', { message: 'hello' }))).toContain('Echo: hello');
      const refused = await told(call(tools, 'read_text_file', { path: 'private/salaries.csv' }));
      expect(refused).toContain('The private folder is not for agents.');
    } finally {
      await close();
    }
  });

  it('is run with the versions that it asks for', () => {
    const wanted = dependenciesIn(join(root, 'examples', name));
    const mine = Object.entries(dependenciesIn(root)).filter(([library]) => library in wanted);
    expect(mine.length).toBeGreaterThan(0);
    for (const [library, version] of mine) expect([library, version]).toEqual([library, wanted[library]]);
  });

  it('fails with a key that is none', async () => {
    const env = { ...demo.env, SALLYPORT_URL: demo.url, SALLYPORT_KEY: 'sp_live_wrong' };
    const { code, stdout } = await run([process.execPath, script], { cwd: root, env });
    expect([code === 0, stdout]).toEqual([false, '']);
  });
});
