import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { otherTools } from './echo-server.mjs';
import { beside, freePort, startNode, stop } from './processes.mjs';

const main = beside('../packages/gateway/dist/cli/main.js');
const token = randomBytes(32).toString('base64url');

export const gatewayIsBuilt = existsSync(main);

const folders = [];

/** Removes the data of every gateway that was started. */
export async function removeData() {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

/** Starts a gateway in front of one upstream (`{ url }` or `{ command, args }`), with so many rules and audit on. */
export async function startGateway(upstream, ruleCount, guarded = false) {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  folders.push(folder);
  const port = await freePort();
  const config = join(folder, 'sallyport.config.json');
  await writeFile(config, JSON.stringify(configOf({ port, folder, upstream, ruleCount, guarded })));
  const started = startNode([main, 'start', '--config', config], { BENCH_TOKEN: token });
  return {
    started,
    address: { transport: 'http', port, token },
    stop: () => stop(started),
    countRecords: () => countRecords(join(folder, 'data', 'sallyport.db')),
  };
}

function configOf({ port, folder, upstream, ruleCount, guarded }) {
  return {
    listen: { host: '127.0.0.1', port },
    dataDir: join(folder, 'data'),
    auth: { tokens: [{ principal: 'bench', tokens: ['env:BENCH_TOKEN'] }] },
    upstreams: { echo: upstream },
    policy: { default: 'deny', rules: [...rulesOf(ruleCount), ...(guarded ? [guards] : [])] },
    ...(guarded ? { sessions: { automatic: { per: 'principal', scopes: ['admin'] } } } : {}),
    log: { level: 'warn' },
  };
}

/** Two limits and a budget, wide enough for every call. */
const guards = {
  id: 'guards',
  match: { tools: ['echo'] },
  effect: 'limit',
  limits: [
    { kind: 'rate', id: 'minute', algorithm: 'fixed', max: 100_000_000, windowSeconds: 60 },
    {
      kind: 'rate',
      id: 'burst',
      algorithm: 'bucket',
      max: 100_000_000,
      windowSeconds: 60,
      per: ['credential'],
    },
    { kind: 'budget', id: 'daily', max: 9_000_000, window: 'day', cost: { fixed: '0.01' } },
  ],
};

/** Two rules are about the tool that is called and look at its arguments; the others are about a hundred other tools. */
function rulesOf(count) {
  const others = Array.from({ length: count - 2 }, (_, index) => ({
    id: `other-${index}`,
    match: { tools: [`tool_${index % otherTools}`] },
    when: `args.text == "${index}"`,
    effect: index % 2 === 0 ? 'allow' : 'deny',
  }));
  return [
    {
      id: 'echo-short',
      match: { tools: ['echo'], principals: ['bench'] },
      when: 'size(args.text) < 1000',
      effect: 'allow',
    },
    { id: 'echo-never', match: { tools: ['echo'] }, when: 'args.text.contains("forbidden")', effect: 'deny' },
    ...others,
  ];
}

/**
 * How many calls were allowed, and how many of them have anything but one decision and one outcome on record; read from
 * the store of a gateway that has ended. Knows only the columns `type`, `call` and `effect` of the table `record`.
 */
function countRecords(file) {
  const { DatabaseSync } = createRequire(import.meta.url)('@photostructure/sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const perCall = `SELECT sum(type = 'call.decided') AS decisions, sum(type = 'call.outcome') AS outcomes
      FROM record WHERE call IS NOT NULL GROUP BY call HAVING max(effect = 'allow') OR outcomes > 0`;
    const row = database
      .prepare(`SELECT count(*) AS calls, sum(decisions <> 1 OR outcomes <> 1) AS wrong FROM (${perCall})`)
      .get();
    return { recorded: Number(row.calls), wrong: Number(row.wrong ?? 0) };
  } finally {
    database.close();
  }
}
