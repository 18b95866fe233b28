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
      if (all.length === 0) all.push(one);
      return all[0] ?? one;
    },
    remove: () => all.pop() !== undefined,
    changes: () => 0,
  };
}

function open() {
  const records: string[] = [];
  const state = { isFull: false, records };
  const record = async (type: string) => {
    if (state.isFull) throw new Error('no space');
    records.push(type);
  };
  return { kills: new KillSwitches({ table: table(), clock: systemClock, log, record }), state };
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

test('a switch that two lift at once is lifted by one of them, and recorded once', async () => {
  const { kills, state } = open();
  const { id } = await kills.throwSwitch(order);
  const lifted = await Promise.all([kills.lift(id, 'ann'), kills.lift(id, 'ben')]);
  expect(lifted.map((one) => one?.id)).toEqual([id, undefined]);
  expect(state.records).toEqual(['kill.thrown', 'kill.lifted']);
});
