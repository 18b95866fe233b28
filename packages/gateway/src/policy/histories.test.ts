import { describe, expect, test } from 'vitest';
import { HistoryFault, type NamedTarget } from '../model/history.js';
import type { Principal } from '../model/principal.js';
import { Histories } from './histories.js';

function caller(id: string, tenant = 't'): Principal {
  return { id, tenant, credential: 'none', roles: ['agent'], labels: {} };
}

function tool(name: string, upstream = 'fs'): NamedTarget {
  return { kind: 'tool', upstream, name, exposedName: `${upstream}__${name}` };
}

const ann = caller('ann');
const any = () => true;
const named = (name: string) => (target: NamedTarget) => target.name === name;

describe('the history of a caller', () => {
  test('counts its calls by target, ever and lately, and knows the latest', () => {
    const histories = new Histories();
    histories.began(ann, tool('read'), 1_000);
    histories.began(ann, tool('read'), 2_000);
    histories.began(ann, tool('send', 'mail'), 3_000);
    const history = histories.of(ann);
    expect(history.count(named('read'))).toBe(2);
    expect(history.count(any, 2_000)).toBe(2);
    expect(history.count(named('read'), 2_001)).toBe(0);
    expect(history.last()?.name).toBe('send');
    expect(histories.of(caller('bob')).count(any)).toBe(0);
    expect(histories.of(caller('bob')).last()).toBeUndefined();
    expect(histories.of(caller('ann', 'other')).count(any)).toBe(0);
  });

  test('knows what its results held, and which target gave it', () => {
    const histories = new Histories();
    histories.began(ann, tool('read'), 1);
    histories.learned(ann, tool('read'), { content: [{ type: 'text', text: 'owner: eve@corp.example' }] });
    const history = histories.of(ann);
    expect(history.gave(['eve@corp.example'], named('read'))).toBe(true);
    expect(history.gave(['eve@corp.example'], named('send'))).toBe(false);
    expect(history.gave(['bob@corp.example'], any)).toBe(false);
  });

  test('says that it cannot tell rather than forget', () => {
    const histories = new Histories();
    for (let index = 0; index < 5_000; index++) histories.began(ann, tool('read'), index);
    const history = histories.of(ann);
    expect(history.count(any)).toBe(5_000);
    expect(history.count(any, 4_900)).toBe(100);
    expect(() => history.count(any, 10)).toThrow(HistoryFault);
    const addresses = (round: number) =>
      Array.from({ length: 1_000 }, (_, index) => `u${round}-${index}@corp.example`);
    for (let round = 0; round < 6; round++) histories.learned(ann, tool('read'), addresses(round));
    expect(() => history.gave(['u0-0@corp.example'], named('read'))).toThrow(HistoryFault);
    expect(history.gave(['u0-0@corp.example'], named('send'))).toBe(false);
    for (let index = 0; index < 5_001; index++) histories.began(ann, tool(`t${index}`), 6_000);
    expect(() => history.count(any)).toThrow(HistoryFault);
  });

  test('does not make calls look older when the clock is set back', () => {
    const histories = new Histories();
    histories.began(ann, tool('read'), 10_000);
    histories.began(ann, tool('read'), 5_000);
    expect(histories.of(ann).count(any, 9_000)).toBe(2);
  });
});
