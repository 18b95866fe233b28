import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../lib/clock.js';
import { openStore, type Store } from './open-store.js';
import { Patience, watchUtilization } from './patience.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const mib = 2 ** 20;

/** Time that goes on only when `elapse` runs what was planned next. */
function steppedClock() {
  let now = 0;
  const planned: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after(ms, run) {
      const plan = { at: now + ms, run };
      planned.push(plan);
      return () => planned.splice(planned.indexOf(plan), 1);
    },
  };
  const elapse = () => {
    planned.sort((a, b) => a.at - b.at);
    const next = planned.shift();
    now = next?.at ?? now;
    next?.run();
  };
  const advance = (ms: number) => {
    now += ms;
  };
  return { clock, elapse, advance };
}

describe('work that can wait', () => {
  it('waits while calls saturate the thread, for ten seconds in a row at most', () => {
    const { clock, advance } = steppedClock();
    let load = 0.6;
    const patience = new Patience({ clock, utilization: () => load });
    expect(patience.putsOff(0)).toBe(false);
    load = 0.61;
    expect(patience.putsOff(2 ** 16 - 1), 'a little is brought in at once').toBe(false);
    const waits: boolean[] = [];
    for (let look = 0; look < 101; look += 1) {
      waits.push(patience.putsOff(mib));
      advance(100);
    }
    expect(waits.filter(Boolean)).toHaveLength(100);
    expect(waits.at(-1)).toBe(false);
    patience.end();
    expect(patience.putsOff(mib)).toBe(true);
  });

  it('does not wait with 64 MiB or more to do', () => {
    const { clock } = steppedClock();
    const patience = new Patience({ clock, utilization: () => 1 });
    expect(patience.putsOff(64 * mib - 1)).toBe(true);
    expect(patience.putsOff(64 * mib)).toBe(false);
  });

  it('is measured since the last look', () => {
    const utilization = watchUtilization();
    const first = utilization();
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThanOrEqual(1);
  });
});

describe('a saturated gateway', () => {
  let directory: string;
  let store: Store;
  const { clock, elapse } = steppedClock();

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-patience-'));
    store = await openStore({ directory, durability: 'process', clock, log: silent, utilization: () => 1 });
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  it('leaves records in the journal, and brings them in at once when somebody asks for them', async () => {
    const record = {
      v: 1,
      type: 'call.decided',
      at: '2026-11-20T00:00:00.000Z',
      writer: 'w',
      log: 'l',
      tenant: 't',
    } as const;
    await store.journal.commit({ id: 'a', record });
    const { bytes } = store.journal.lag();
    for (let look = 0; look < 50; look += 1) elapse();
    expect(store.journal.lag().bytes).toBe(bytes);
    await store.journal.drained();
    expect(store.journal.lag()).toEqual({ bytes: 0 });
    expect(await store.records.query({ limit: 10, order: 'asc' })).toHaveLength(1);
  });
});
