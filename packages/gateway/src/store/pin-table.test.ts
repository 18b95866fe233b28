import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.js';
import { openStore, type Store } from './open-store.js';
import type { PinKey } from './pin.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const key: PinKey = { upstream: 'files', kind: 'tool', name: 'read' };
const a = { digest: 'sha256:a', text: '{"a":1}' };
const b = { digest: 'sha256:b', text: '{"b":1}' };
let directory: string;
let store: Store;

const open = () =>
  openStore({ directory, durability: 'process', clock: systemClock, log: silent, writer: false });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sallyport-pins-'));
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const only = () => {
  const pins = store.pins.list();
  expect(pins).toHaveLength(1);
  return pins[0];
};

describe('the table of pins', () => {
  it('keeps what is offered apart from what is accepted', () => {
    store.pins.change((pins) => pins.offer(key, a, 1));
    expect(only()).toEqual({ ...key, offered: a.digest, present: true, firstSeen: 1, lastSeen: 1 });
    expect(store.pins.definitions(key)).toEqual({ offered: a });
    store.pins.change((pins) => pins.accept(key, a, { by: 'cli:ada', at: 2 }));
    expect(only()).toMatchObject({
      accepted: { digest: a.digest, by: 'cli:ada', at: 2 },
      offered: a.digest,
      present: true,
    });
    store.pins.change((pins) => pins.offer(key, b, 3));
    expect(only()).toMatchObject({
      accepted: { digest: a.digest },
      offered: b.digest,
      firstSeen: 1,
      lastSeen: 3,
    });
    expect(store.pins.definitions(key)).toEqual({ accepted: a, offered: b });
  });

  it('keeps an accepted definition when its tool goes, and the text of what it was before', () => {
    store.pins.change((pins) => {
      pins.accept(key, a, { by: 'cli', at: 1 });
      pins.offer(key, a, 1);
      pins.accept(key, b, { by: 'cli', at: 2 });
      pins.gone(key);
    });
    expect(only()).toMatchObject({ accepted: { digest: b.digest }, offered: a.digest, present: false });
    expect(store.pins.definitions(key)).toEqual({ accepted: b, offered: a });
    expect(store.pins.history(key)).toEqual([
      { digest: a.digest, definition: a.text, by: 'cli', at: 1, endedAt: 2 },
    ]);
  });

  it('ends the acceptance of a definition that is rejected, and the rejection of one that is accepted', () => {
    store.pins.change((pins) => {
      pins.offer(key, a, 1);
      pins.accept(key, a, { by: 'cli', at: 1 });
      pins.reject(key, { digest: a.digest, by: 'cli', at: 2 });
    });
    expect(only()).toMatchObject({ rejected: { digest: a.digest, by: 'cli', at: 2 } });
    expect(only()?.accepted).toBeUndefined();
    expect(store.pins.definitions(key)).toEqual({ offered: a });
    expect(store.pins.history(key)).toHaveLength(1);
    store.pins.change((pins) => pins.accept(key, a, { by: 'cli', at: 3 }));
    expect(only()?.rejected).toBeUndefined();
    expect(only()?.accepted).toMatchObject({ digest: a.digest });
  });

  it('leaves the accepted definition in force when a change of it is rejected', () => {
    store.pins.change((pins) => {
      pins.accept(key, a, { by: 'cli', at: 1 });
      pins.offer(key, b, 2);
      pins.reject(key, { digest: b.digest, by: 'cli', at: 3 });
    });
    expect(only()).toMatchObject({ accepted: { digest: a.digest }, rejected: { digest: b.digest } });
    expect(store.pins.definitions(key)).toEqual({ accepted: a, offered: b });
  });

  it('keeps the ten definitions that were accepted last', () => {
    for (let at = 0; at < 30; at += 1) {
      const definition = { digest: `sha256:${at}`, text: `{"at":${at}}` };
      store.pins.change((pins) => pins.accept(key, definition, { by: 'cli', at }));
    }
    expect(store.pins.history(key).map(({ at }) => at)).toEqual([28, 27, 26, 25, 24, 23, 22, 21, 20, 19]);
  });

  it('forgets a pin with its history', () => {
    store.pins.change((pins) => {
      pins.accept(key, a, { by: 'cli', at: 1 });
      pins.accept(key, b, { by: 'cli', at: 2 });
      pins.remove(key);
    });
    expect(store.pins.list()).toEqual([]);
    expect(store.pins.history(key)).toEqual([]);
  });

  it('counts the changes of every process on the same database', async () => {
    const other = await open();
    const before = store.pins.changes();
    other.pins.change((pins) => pins.offer(key, a, 1));
    expect(store.pins.changes()).toBe(before + 1);
    expect(only()?.name).toBe('read');
    await other.close();
  });

  it('changes nothing when a step fails on its way', () => {
    expect(() =>
      store.pins.change((pins) => {
        pins.offer(key, a, 1);
        throw new Error('on the way');
      }),
    ).toThrow('on the way');
    expect(store.pins.list()).toEqual([]);
    expect(store.pins.changes()).toBe(0);
  });
});
