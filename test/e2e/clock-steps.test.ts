import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SallyportClient } from '../../packages/client/src/sallyport-client.js';
import { type GatewayProcess, root, scratchFolder, startGateway } from './gateway-process.js';
import { type SmallServer, startSmallServer } from './small-server.js';

const tools = ['budget', 'month', 'fixed', 'sliding', 'bucket', 'alike'] as const;
type Tool = (typeof tools)[number];
/** Of them, those that follow the clock on the wall. */
const ofTheDay = ['budget', 'fixed'] as const;

const zone = 'Europe/Berlin';
const day = { max: 2, windowSeconds: 86_400 };
const limits: Record<Tool, object> = {
  budget: { kind: 'budget', max: '2', window: 'day', zone, cost: { fixed: '1' } },
  month: { kind: 'budget', max: '2', window: 'month', zone, cost: { fixed: '1' } },
  fixed: { kind: 'rate', algorithm: 'fixed', zone, ...day },
  sliding: { kind: 'rate', ...day },
  bucket: { kind: 'rate', algorithm: 'bucket', ...day },
  alike: { kind: 'repeat', ...day },
};

const scratch = scratchFolder();
const clock = join(scratch.path, 'clock');
const env = {
  TOKEN: 'token-of-the-agent-0001',
  TURNED_CLOCK: clock,
  NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'test/attacks/turned-clock.mjs')).href}`,
};
let server: SmallServer;
let gateway: GatewayProcess;

beforeAll(async () => {
  server = await startSmallServer('small', tools);
  turnTo('2026-03-29T00:30:00Z');
  gateway = await start();
});
afterAll(async () => {
  await gateway.stop();
  server.close();
  scratch.remove();
});

function start(): Promise<GatewayProcess> {
  const rules = tools.map((tool) => ({
    id: tool,
    match: { tools: [tool] },
    effect: 'allow',
    limits: [limits[tool]],
  }));
  const config = {
    dataDir: 'data',
    auth: { tokens: [{ principal: 'agent', tokens: ['env:TOKEN'] }] },
    upstreams: { small: { url: server.url } },
    policy: { rules },
  };
  return startGateway(scratch.path, config, env);
}

/** The gateway sees this time, standing still, until the next turn. */
function turnTo(time: string): void {
  writeFileSync(clock, String(Date.parse(time)));
}

/** How many of three calls of each tool run; what is refused names the limit that refused it. */
async function ran(some: readonly Tool[]): Promise<Partial<Record<Tool, number>>> {
  const client = new SallyportClient({ baseUrl: gateway.baseUrl, token: env.TOKEN });
  const counts: Partial<Record<Tool, number>> = {};
  for (const tool of some) {
    let count = 0;
    for (let call = 0; call < 3; call += 1) {
      const text = await client.call({ tool, arguments: {} }).then(
        (result) => JSON.stringify(result),
        (cause: unknown) => String(cause),
      );
      if (text.includes(`small ran ${tool}`)) count += 1;
      else expect(text).toMatch(/limit|budget|same call/i);
    }
    counts[tool] = count;
  }
  return counts;
}

const all = (count: number, some: readonly Tool[] = tools) =>
  Object.fromEntries(some.map((tool) => [tool, count]));

it('the day on which summer time begins has 23 hours and one budget', async () => {
  expect(await ran(tools)).toEqual(all(2));
  for (const time of ['2026-03-29T01:30:00Z', '2026-03-29T21:59:59Z']) {
    turnTo(time);
    expect(await ran(tools)).toEqual(all(0));
  }
  turnTo('2026-03-29T22:00:00Z');
  expect(await ran(tools)).toEqual({ ...all(0), ...all(2, ofTheDay) });
});

it('steps of two hours forth and back reopen nothing', async () => {
  turnTo('2026-06-10T12:00:00Z');
  const first = await ran(tools);
  expect(first).toEqual({ ...all(0), ...all(2, [...ofTheDay, 'month']) });
  for (const time of ['10:00', '14:00', '12:00', '14:00', '10:00']) {
    turnTo(`2026-06-10T${time}:00Z`);
    expect(await ran(tools)).toEqual(all(0));
  }
});

it('a stretch that began because the clock was ahead does not begin once more, nor does the one before', async () => {
  turnTo('2026-06-10T21:00:00Z');
  expect(await ran(ofTheDay)).toEqual(all(0, ofTheDay));
  turnTo('2026-06-10T23:00:00Z');
  expect(await ran(ofTheDay)).toEqual(all(2, ofTheDay));
  for (const time of ['2026-06-10T21:00:00Z', '2026-06-10T23:00:00Z', '2026-06-11T01:00:00Z']) {
    turnTo(time);
    expect(await ran(ofTheDay)).toEqual(all(0, ofTheDay));
  }
});

it('the day on which summer time ends has 25 hours and one budget, also for who is killed and starts in the repeated hour', async () => {
  const budgets = ['budget', 'month'] as const;
  turnTo('2026-10-25T00:30:00Z');
  expect(await ran(tools)).toEqual({ ...all(0), ...all(2, [...ofTheDay, 'month']) });
  turnTo('2026-10-25T01:30:00Z');
  expect(await ran(tools)).toEqual(all(0));
  turnTo('2026-10-25T00:30:00Z');
  const ended = once(gateway.child, 'exit');
  gateway.child.kill('SIGKILL');
  await ended;
  gateway = await start();
  expect(await ran(budgets)).toEqual(all(0, budgets));
  turnTo('2026-10-25T22:59:59Z');
  expect(await ran(budgets)).toEqual(all(0, budgets));
  turnTo('2026-10-25T23:00:00Z');
  expect(await ran(budgets)).toEqual({ budget: 2, month: 0 });
});
