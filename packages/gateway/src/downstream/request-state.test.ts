import { describe, expect, it } from 'vitest';
import { agentA } from './face-fixture.js';
import {
  answering,
  asksOnce,
  attempt,
  faultOf,
  keyOf,
  parking,
  type Seen,
  said,
  yes,
} from './parked-fixture.js';

describe('a requestState', () => {
  const retries: [reason: string, retry: (seen: Seen) => ReturnType<typeof attempt>][] = [
    ['state_forged', (seen) => answering({ ...seen, state: `${seen.state}-TAMPERED` }, {})],
    ['state_forged', (seen) => answering({ ...seen, state: 'anything' }, {})],
    ['state_forged', () => attempt({ requestState: 7 })],
    ['state_forged', () => attempt({ requestState: null })],
    [
      'state_foreign_caller',
      ({ state }) => attempt({ requestState: state }, { principal: { ...agentA, id: 'b' } }),
    ],
    [
      'state_foreign_caller',
      ({ state }) => attempt({ requestState: state }, { principal: { ...agentA, tenant: 'x' } }),
    ],
    ['state_foreign_call', ({ state }) => attempt({ requestState: state }, { target: 'other' })],
    ['state_foreign_call', ({ state }) => attempt({ requestState: state }, { method: 'prompts/get' })],
    ['state_foreign_call', ({ state }) => attempt({ requestState: state }, { endpoint: 'one' })],
    ['state_foreign_call', ({ state }) => attempt({ requestState: state, arguments: { n: 1 } })],
    ['state_foreign_call', ({ state }) => attempt({ requestState: state }, { more: new Map([['x', '1']]) })],
  ];

  for (const [reason, retry] of retries) {
    it(`is refused as ${reason}, and the call still waits`, async () => {
      const house = parking(asksOnce);
      const seen = await house.run(attempt());
      const fault = await faultOf(house.run(retry(seen)));
      expect(fault).toMatchObject({ reason, code: -32602, status: 200 });
      expect(fault.message).toMatch(/"requestState"/);
      const done = await house.run(answering(seen, { [keyOf(seen)]: yes }));
      expect(done.kind).toBe('completed');
    });
  }

  it('of another process is refused', async () => {
    const seen = await parking(asksOnce).run(attempt());
    const fault = await faultOf(parking(asksOnce).run(answering(seen, { [keyOf(seen)]: yes })));
    expect(fault.reason).toBe('state_forged');
  });

  it('is good for one retry', async () => {
    const house = parking(async (ask) => {
      await ask('elicitation/create');
      return said(await ask('elicitation/create'));
    });
    const first = await house.run(attempt());
    const second = await house.run(answering(first, { [keyOf(first)]: yes }));
    const replayed = await faultOf(house.run(answering(first, { [keyOf(first)]: yes })));
    expect(replayed.reason).toBe('state_replayed');
    const waiting = house.run(answering(second, {}));
    const twice = await faultOf(house.run(answering(second, {})));
    expect(twice.reason).toBe('state_replayed');
    const third = await waiting;
    await house.run(answering(third, { [keyOf(third)]: yes }));
    expect((await faultOf(house.run(answering(third, {})))).reason).toBe('state_unknown_call');
  });

  it('is for the same request, in whatever order its members come', async () => {
    const house = parking(asksOnce);
    const seen = await house.run(attempt({ arguments: { a: 1, b: { c: 2, d: 3 } } }));
    const done = await house.run(
      answering(seen, { [keyOf(seen)]: yes }, { arguments: { b: { d: 3, c: 2 }, a: 1 } }),
    );
    expect(done.kind).toBe('completed');
  });

  it('is too old when the time for an answer is over', async () => {
    const house = parking(asksOnce);
    const seen = await house.run(attempt());
    house.clock.turn(600_000);
    expect((await faultOf(house.run(answering(seen, { [keyOf(seen)]: yes })))).reason).toBe('state_expired');
  });
});
