import { usageOf } from './processes.mjs';

/** Rounds in which each target is measured once at each concurrency, the targets in a new order each time. */
export async function measureRounds(bench, { rounds, seconds, concurrencies }) {
  const { targets } = bench;
  for (const target of targets)
    await measure(target, bench, { concurrency: 32, seconds: Math.min(seconds * 2, 2) });
  const measured = new Map(targets.map((target) => [target.name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const concurrency of concurrencies) {
      for (const target of shuffled(targets)) {
        const figures = await measure(target, bench, { concurrency, seconds });
        measured.get(target.name).push({ round, concurrency, ...figures });
      }
    }
  }
  return measured;
}

/** One target under one load, with the CPU time that each call cost the target. */
async function measure(target, { load, upstream, pinning }, { concurrency, seconds }) {
  const { pid } = target;
  const otherPids = [load.pid, ...(upstream.pid === undefined ? [] : [upstream.pid])];
  pinning.apply({ concurrency, targetPid: pid, otherPids });
  const before = pid === undefined ? undefined : usageOf(pid);
  const figures = await load.run({ target: target.address, concurrency, seconds });
  target.calls += figures.calls;
  const after = pid === undefined ? undefined : usageOf(pid);
  const cpuUs = after === undefined ? Number.NaN : ((after.cpuMs - before.cpuMs) * 1000) / figures.calls;
  return { ...figures, cpuUs, rssMb: after?.rssMb ?? Number.NaN };
}

function shuffled(items) {
  const order = items.map((item) => ({ item, key: Math.random() }));
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

export function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
