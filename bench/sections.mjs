import { measureRounds, median } from './measure.mjs';
import { startDirect, startGoverned, startHttpUpstream, startRelay, stdioUpstream } from './targets.mjs';

/** Direct, relay and gateway in front of one upstream. */
export async function compareHops(transport, { load, pinning }, options) {
  const upstream = await (transport === 'http' ? startHttpUpstream() : stdioUpstream());
  const makers = [startRelay, ...(options.governed ? [startGoverned] : [])];
  const context = { upstream, load, pinning };
  const starts = await measureStarts(makers, context, options.starts);
  const title = `HTTP→${transport === 'http' ? 'HTTP' : 'stdio'}`;
  const section = await runSection(context, [startDirect, ...makers], { ...options, concurrencies: [1, 32] });
  await upstream.stop();
  for (const row of section.rows) row.startMs = median(starts.get(row.name) ?? []);
  return { title, ...section, ...ratiosToRelay(section.rows) };
}

/** The gateway with few rules and with many: what a call costs may not depend on rules about other tools. */
export async function compareRuleCounts({ load, pinning }, options) {
  const upstream = await startHttpUpstream();
  const few = (context) => startGoverned({ ...context, rules: 10, name: '10 rules' });
  const many = (context) => startGoverned({ ...context, rules: 10_000, name: '10,000 rules' });
  const section = await runSection({ upstream, load, pinning }, [startDirect, few, many], {
    ...options,
    concurrencies: [1],
  });
  await upstream.stop();
  const [, tenRow, manyRow] = section.rows;
  const ratios = { 'added p50, 10,000 rules ÷ 10 rules': manyRow.addedP50Us / tenRow.addedP50Us };
  return { title: 'Rules', ...section, ratios };
}

/** The gateway without and with a session, two limits and a budget: what these add to what a call costs. */
export async function compareGuards({ load, pinning }, options) {
  const upstream = await startHttpUpstream();
  const plain = (context) => startGoverned({ ...context, name: 'plain' });
  const guarded = (context) => startGoverned({ ...context, guarded: true, name: 'session, limits, budget' });
  const section = await runSection({ upstream, load, pinning }, [startDirect, plain, guarded], {
    ...options,
    concurrencies: [1],
  });
  await upstream.stop();
  const [, plainRow, guardedRow] = section.rows;
  const ratios = {
    'added p50, with session, limits, budget ÷ without': guardedRow.addedP50Us / plainRow.addedP50Us,
  };
  return { title: 'Session, limits, budget', ...section, ratios };
}

async function measureStarts(makers, context, times) {
  const measured = new Map();
  for (let time = 0; time < times; time += 1) {
    for (const make of makers) {
      const target = await make(context);
      measured.set(target.name, [...(measured.get(target.name) ?? []), target.startMs]);
      await target.stop();
    }
  }
  return measured;
}

async function runSection(context, makers, options) {
  const targets = [];
  try {
    for (const make of makers) targets.push(await make(context));
    const measured = await measureRounds({ ...context, targets }, options);
    const direct = measured.get('direct');
    const rows = targets.map((target) => rowOf(target, measured.get(target.name), direct));
    await stopAll(targets);
    return { rows, measured: Object.fromEntries(measured), audits: targets.flatMap(auditOf) };
  } finally {
    await stopAll(targets);
  }
}

async function stopAll(targets) {
  for (const target of targets) await target.stop();
}

/** Medians over the rounds; what is added is the difference to the direct call of the same round. */
function rowOf(target, figures, direct) {
  const at = (concurrency, of) => figures.filter((one) => one.concurrency === concurrency).map(of);
  const directOf = (one) => direct.find((d) => d.round === one.round && d.concurrency === one.concurrency);
  const added = (concurrency, name) => median(at(concurrency, (one) => one[name] - directOf(one)[name]));
  return {
    name: target.name,
    p50Us: median(at(1, (one) => one.p50Us)),
    p99Us: median(at(1, (one) => one.p99Us)),
    bestP50Us: Math.min(...at(1, (one) => one.p50Us)),
    addedP50Us: added(1, 'p50Us'),
    addedP99Us: added(1, 'p99Us'),
    addedP50At32Us: added(32, 'p50Us'),
    addedP99At32Us: added(32, 'p99Us'),
    perSecond: median(at(32, (one) => one.perSecond)),
    bestPerSecond: Math.max(...at(32, (one) => one.perSecond)),
    cpuUs: median(at(32, (one) => one.cpuUs)),
    cpuAt1Us: median(at(1, (one) => one.cpuUs)),
    idleMb: target.idleMb ?? Number.NaN,
    loadedMb: Math.max(...figures.map((one) => one.rssMb)),
    calls: target.calls,
    errors: figures.reduce((sum, one) => sum + one.errors, 0),
    faults: figures.flatMap((one) => one.samples).slice(0, 3),
  };
}

function ratiosToRelay(rows) {
  const [direct, relay, gateway] = rows;
  if (gateway === undefined) return { ratios: {} };
  const best = (row) => row.bestP50Us - direct.bestP50Us;
  return {
    ratios: {
      'added p50 at concurrency 1, gateway ÷ relay': gateway.addedP50Us / relay.addedP50Us,
      'the same, best rounds': best(gateway) / best(relay),
      'added p99 at concurrency 1, gateway ÷ relay': gateway.addedP99Us / relay.addedP99Us,
      'added p50 at concurrency 32, gateway ÷ relay': gateway.addedP50At32Us / relay.addedP50At32Us,
      'added p99 at concurrency 32, gateway ÷ relay': gateway.addedP99At32Us / relay.addedP99At32Us,
      'calls per second at 32, gateway ÷ relay': gateway.perSecond / relay.perSecond,
      'the same, best rounds at 32': gateway.bestPerSecond / relay.bestPerSecond,
      'CPU per call at 32, gateway ÷ relay': gateway.cpuUs / relay.cpuUs,
    },
    idleMb: gateway.idleMb,
  };
}

/** Whether a gateway that has ended left exactly one decision and one outcome for each answered call. */
function auditOf(target) {
  if (target.countRecords === undefined) return [];
  const { recorded, wrong } = target.countRecords();
  return [
    {
      name: target.name,
      calls: target.calls,
      recorded,
      wrong,
      complete: recorded === target.calls && wrong === 0,
    },
  ];
}
