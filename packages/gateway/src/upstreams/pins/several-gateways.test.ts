import { afterEach, describe, expect, it } from 'vitest';
import {
  openPinHouse,
  type PinHouse,
  standings,
  tool,
} from '../../../../../test/fixtures/upstreams/pin-house.js';
import type { ImportedTool } from '../import-tools.js';
import type { PinJudge } from './pin-judge.js';

let house: PinHouse;
afterEach(() => house.close());

const read = tool('read');
const readAnew = tool('read', { description: 'Reads otherwise.' });

/** Judges a list now, and again whenever the pins may have changed. */
function keepJudging(judge: PinJudge, ...offers: ImportedTool[]): () => string[] {
  const seen = () => standings(judge.judge('files', 'tool', offers));
  judge.watch(seen);
  seen();
  return seen;
}

describe('two gateways on the same pins whose servers offer different lists', () => {
  for (const [what, others] of [
    ['another definition', [readAnew]],
    ['nothing', []],
    ['another tool', [tool('write')]],
  ] as const) {
    it(`come to rest when the other one sees ${what}, and tell of each definition once or twice`, async () => {
      for (const firstSight of ['trust', 'ask'] as const) {
        house = await openPinHouse(firstSight);
        keepJudging(house.judge, read);
        keepJudging(house.another(), ...others);
        await house.clock.advance(10_000);
        const changes = house.store.pins.changes();
        const told = house.noted.length;
        await house.clock.advance(4_000_000);
        expect(house.store.pins.changes() - changes).toBeLessThan(10);
        expect(house.noted.length).toBe(told);
        expect(told).toBeLessThan(4);
        if (firstSight === 'trust') await house.close();
      }
    });
  }

  it('each judge what they see themselves, and bring it again when a person has decided', async () => {
    house = await openPinHouse('ask');
    const one = keepJudging(house.judge, read);
    const other = keepJudging(house.another(), readAnew);
    await house.clock.advance(5000);
    const [pin] = house.store.pins.list();
    if (pin === undefined) throw new Error('nothing is pinned');
    const seenLast = house.store.pins.definitions(pin)?.offered;
    if (seenLast === undefined) throw new Error('nothing is offered');
    expect(seenLast.digest).toBe(readAnew.digest);
    house.store.pins.change((pins) => pins.accept(pin, seenLast, { by: 'cli', at: 5 }));
    await house.clock.advance(5000);
    expect([one(), other()]).toEqual([['read changed'], ['read']]);
    house.store.pins.change((pins) => pins.remove(pin));
    await house.clock.advance(5000);
    expect(house.store.pins.list()).toHaveLength(1);
    expect([one(), other()]).toEqual([['read waiting'], ['read waiting']]);
  });

  it('follow their own each, where changes are followed, and come to rest', async () => {
    house = await openPinHouse('follow');
    const one = keepJudging(house.judge, read);
    const other = keepJudging(house.another(), readAnew);
    await house.clock.advance(5000);
    const changes = house.store.pins.changes();
    await house.clock.advance(60_000);
    expect(house.store.pins.changes()).toBe(changes);
    expect([one(), other()]).toEqual([['read'], ['read']]);
    const [pin] = house.store.pins.list();
    if (pin === undefined) throw new Error('nothing is pinned');
    house.store.pins.change((pins) => pins.reject(pin, { digest: read.digest, by: 'cli', at: 5 }));
    await house.clock.advance(5000);
    expect([one(), other()]).toEqual([['read rejected'], ['read']]);
  });
});
