import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Noted,
  openPinHouse,
  type PinHouse,
  standings,
  tool,
} from '../../../../../test/fixtures/upstreams/pin-house.js';
import type { ImportedTool } from '../import-tools.js';
import { type DecidedPin, PinDesk } from './pin-desk.js';

let house: PinHouse;
let desk: PinDesk;
let recorded: Noted[];
let broken: Error | undefined;

beforeEach(async () => {
  house = await openPinHouse('ask');
  recorded = [];
  broken = undefined;
  desk = new PinDesk({
    pins: house.store.pins,
    clock: house.clock,
    by: 'cli:ada',
    record: async (type, members) => {
      if (broken !== undefined) throw broken;
      recorded.push({ type, members });
    },
  });
});
afterEach(() => house.close());

const read = tool('read');
const changed = tool('read', { description: 'Something else.' });
const seen = (...offers: ImportedTool[]) => standings(house.another().judge('files', 'tool', offers));

function waiting(): DecidedPin[] {
  return house.store.pins.list().flatMap((pin) => {
    const definition = house.store.pins.definitions(pin)?.offered;
    return definition === undefined ? [] : [{ pin, definition }];
  });
}

describe('the desk where people decide on definitions', () => {
  it('accepts what waits, with who did and on record', async () => {
    seen(read);
    await desk.accept(waiting());
    expect(seen(read)).toEqual(['read']);
    expect(house.store.pins.list()[0]?.accepted).toEqual({
      digest: read.digest,
      by: 'cli:ada',
      at: house.clock.now(),
    });
    expect(recorded).toEqual([
      {
        type: 'pin.accepted',
        members: { tool: { def: read.digest, name: 'read', upstream: 'files' }, by: 'cli:ada' },
      },
    ]);
  });

  it('accepts nothing but what was seen, also when the upstream changed it meanwhile', async () => {
    seen(read);
    const reviewed = waiting();
    seen(changed);
    await desk.accept(reviewed);
    expect(seen(changed)).toEqual(['read changed']);
    expect(seen(read)).toEqual(['read']);
  });

  it('changes nothing when the decision cannot be recorded', async () => {
    seen(read);
    broken = new Error('no space');
    await expect(desk.accept(waiting())).rejects.toThrow('no space');
    expect(seen(read)).toEqual(['read waiting']);
  });

  it('takes back an acceptance, and a rejection', async () => {
    seen(read);
    await desk.accept(waiting());
    await desk.reject(waiting());
    expect(seen(read)).toEqual(['read rejected']);
    await desk.accept(waiting());
    expect(seen(read)).toEqual(['read']);
    expect(recorded.map(({ type }) => type)).toEqual(['pin.accepted', 'pin.rejected', 'pin.accepted']);
  });

  it('forgets a pin, so that what is offered next is seen for the first time', async () => {
    seen(read);
    await desk.reject(waiting());
    await desk.forget(waiting());
    house.firstSight = 'trust';
    expect(seen(changed)).toEqual(['read']);
    expect(recorded.at(-1)?.type).toBe('pin.forgotten');
  });

  it('says in the record which definition a newly accepted one replaces', async () => {
    seen(read);
    await desk.accept(waiting());
    seen(changed);
    await desk.accept(waiting());
    expect(recorded.at(-1)?.members).toMatchObject({ before: read.digest, tool: { def: changed.digest } });
  });
});
