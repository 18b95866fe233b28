import { expect, test } from 'vitest';
import { systemClock } from '../lib/clock.js';
import type { KillSwitch } from '../model/kill-switch.js';
import type { KillTable } from '../store/kill-table.js';
import { KillSwitches } from './kill-switches.js';

const order = { tenant: 'default', scope: 'all', name: '', reason: '', by: 'ops' } as const;
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function table(): KillTable {
  const all: KillSwitch[] = [];
  return {
    list: () => [...all],
    insert(one) {
      if (all.length === 0) all.push({ ...one, isUnrecorded: true });
      return all[0] ?? one;
    },
    recorded(id) {
      all.splice(0, all.length, ...all.map((one) => (one.id === id ? { ...one, isUnrecorded: false } : one)));
    },
    remove: () => all.pop() !== undefined,
    changes: () => 0,
  };
}

function open(kept = table()) {
  const records: string[] = [];
  const state = { isFull: false, records };
  const record = async (type: string) => {
    if (state.isFull) throw new Error('no space');
    records.push(type);
  };
  return { kills: new KillSwitches({ table: kept, clock: systemClock, log, record }), state };
}

test('a switch that could not be recorded is on record once it is thrown again, and once only', async () => {
  const { kills, state } = open();
  state.isFull = true;
  await expect(kills.throwSwitch(order)).rejects.toThrow('no space');
  await expect(kills.throwSwitch(order)).rejects.toThrow('no space');
  expect(kills.list()).toHaveLength(1);
  state.isFull = false;
  await Promise.all([kills.throwSwitch(order), kills.throwSwitch(order)]);
  await kills.throwSwitch(order);
  expect(state.records).toEqual(['kill.thrown']);
});

test('a switch that could not be recorded is on record with the next start, or before it is lifted', async () => {
  const kept = table();
  const { kills, state } = open(kept);
  state.isFull = true;
  await expect(kills.throwSwitch(order)).rejects.toThrow('no space');
  const next = open(kept);
  next.state.isFull = true;
  await expect(next.kills.recordLate()).rejects.toThrow('no space');
  next.state.isFull = false;
  await Promise.all([next.kills.recordLate(), next.kills.recordLate()]);
  expect(next.state.records).toEqual(['kill.thrown']);
  const lifting = table();
  const other = open(lifting);
  other.state.isFull = true;
  await expect(other.kills.throwSwitch(order)).rejects.toThrow('no space');
  other.state.isFull = false;
  await other.kills.lift(other.kills.list()[0]?.id ?? '', 'ann');
  expect(other.state.records).toEqual(['kill.thrown', 'kill.lifted']);
});

test('a switch that two lift at once is lifted by one of them, and recorded once', async () => {
  const { kills, state } = open();
  const { id } = await kills.throwSwitch(order);
  const lifted = await Promise.all([kills.lift(id, 'ann'), kills.lift(id, 'ben')]);
  expect(lifted.map((one) => one?.id)).toEqual([id, undefined]);
  expect(state.records).toEqual(['kill.thrown', 'kill.lifted']);
});
