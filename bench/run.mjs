// npm run bench [-- --quick --rounds N --seconds S --only http|stdio|rules|guards --without-gateway --no-pin --json]
// Measures a direct call, a minimal relay and the gateway in one interleaved run. Only ratios within one run mean
// anything: absolute figures belong to the machine and to what else it was doing.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureDecisions, renderDecisions } from './decide-costs.mjs';
import { gatewayIsBuilt, removeData } from './gateway.mjs';
import { makePinning } from './pinning.mjs';
import { beside, killRunning, startLoad } from './processes.mjs';
import { isSound, renderSection } from './report.mjs';
import { compareGuards, compareHops, compareRuleCounts } from './sections.mjs';

const options = readOptions();
const say = options.json ? () => {} : (text) => process.stdout.write(`${text}\n`);
const load = startLoad();
const pinning = makePinning(options.pin);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    void killRunning()
      .then(removeData)
      .finally(() => process.exit(130));
  });
}
try {
  say(`${options.rounds} rounds of ${options.seconds} s for each target and concurrency, ${placement()}`);
  const sections = await runSections();
  const decisions = options.governed && options.only.includes('rules') ? await measureDecisions() : undefined;
  if (decisions !== undefined) say(renderDecisions(decisions));
  const result = { at: new Date().toISOString(), machine: machine(), options, sections, decisions };
  const file = await save(result);
  if (options.json) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  say(`\nWritten to ${file}`);
  process.exitCode = sections.every(isSound) ? 0 : 1;
} catch (fault) {
  process.stderr.write(`${fault.message}\n`);
  process.exitCode = 1;
} finally {
  load.close();
  await killRunning();
  await removeData();
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-pin': { type: 'boolean', default: false },
      'without-gateway': { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 10));
  const seconds = Number(values.seconds ?? (values.quick ? 0.4 : 1));
  const known = ['http', 'stdio', 'rules', 'guards'];
  const only = values.only === undefined ? known : [values.only];
  if (!Number.isInteger(rounds) || rounds < 1)
    fail(`--rounds: found ${values.rounds}, expected a whole number from 1`);
  if (!(seconds > 0 && seconds <= 600))
    fail(`--seconds: found ${values.seconds}, expected a number up to 600`);
  if (!known.includes(only[0])) fail(`--only: found ${values.only}, expected one of ${known.join(', ')}`);
  const governed = !values['without-gateway'];
  if (governed && !gatewayIsBuilt) fail('The gateway is not built: npm run build, or --without-gateway');
  return {
    rounds,
    seconds,
    only,
    starts: values.quick ? 1 : 3,
    json: values.json,
    governed,
    pin: !values['no-pin'],
  };
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

async function runSections() {
  const makers = {
    http: () => compareHops('http', { load, pinning }, options),
    stdio: () => compareHops('stdio', { load, pinning }, options),
    ...(options.governed
      ? {
          rules: () => compareRuleCounts({ load, pinning }, options),
          guards: () => compareGuards({ load, pinning }, options),
        }
      : {}),
  };
  const done = [];
  for (const name of options.only) {
    const section = await makers[name]?.();
    if (section === undefined) continue;
    say(renderSection(section));
    done.push(section);
  }
  return done;
}

function placement() {
  if (!pinning.active) return 'placed on cores by the system';
  return 'all on one core at concurrency 1, the target alone on one at 32';
}

async function save(content) {
  const folder = beside('results');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${content.at.replaceAll(':', '-')}.json`);
  await writeFile(file, JSON.stringify(content, undefined, 2));
  return file;
}

function machine() {
  const cores = availableParallelism();
  return {
    node: process.version,
    platform: process.platform,
    cores,
    cpu: cpus()[0]?.model,
    loadAverage: loadavg(),
  };
}
