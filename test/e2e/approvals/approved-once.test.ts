import { afterEach, beforeEach, expect, it } from 'vitest';
import { holdKey } from './approval-scene.js';
import { keyOf, TwoGateways } from './two-gateways.js';

let both: TwoGateways;
beforeEach(async () => {
  both = new TwoGateways();
  await both.start();
});
afterEach(() => both.close());

interface Held {
  readonly n: number;
  readonly id: string;
  readonly key: string;
  readonly tool: string;
}

type Door = (hold: string) => Promise<boolean>;

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** Calls number `from` to `to`, half of them at each gateway, that wait for somebody. */
const ask = (range_: readonly [number, number], key: string, tool: string): Promise<Held[]> =>
  Promise.all(
    range(...range_).map(async (n) => {
      const { _meta } = await both.call(key, tool, { n }, n % 2);
      return { n, id: _meta[holdKey].id, key, tool };
    }),
  );

/** Approves each of them twenty times at once, through all doors alike; of all those one counts. */
async function approve(holds: readonly Held[], doors: readonly Door[], meanwhile?: (held: Held) => unknown) {
  for (const held of holds) {
    const answers = range(0, 20).map((index) => doors[index % doors.length]?.(held.id));
    const [counted] = await Promise.all([Promise.all(answers), meanwhile?.(held)]);
    expect(counted.filter(Boolean)).toHaveLength(1);
  }
}

/** The same call again, at both gateways at once. */
const again = ({ n, key, tool }: Held, more: object = {}) =>
  Promise.all([0, 1].map((at) => both.call(key, tool, { n, ...more }, at)));

it('of a hundred calls, each approved twenty times at once through four doors of two gateways, the unchanged ones run once and the changed ones never', async () => {
  const made = await both.ask(keyOf('root'), '/v1/keys', { body: { name: 'doomed', roles: ['agent'] } });
  const doomed: string = made.body.key;
  const unchanged = await ask([0, 50], keyOf('agent'), 'pay');
  const otherArguments = await ask([50, 63], keyOf('agent'), 'pay');
  const otherTool = await ask([63, 76], keyOf('agent'), 'order');
  const revoked = await ask([76, 88], doomed, 'pay');
  const otherPolicy = await ask([88, 100], keyOf('agent'), 'ship');
  await both.told(100);

  const waiting = unchanged[0]?.id ?? '';
  const releasing = [
    both.rest('ann', 0),
    await both.page('ann', 0, waiting),
    both.rest('bob', 1),
    both.callback('bob@example.org', 1),
  ];
  const doors = [
    both.rest('ann', 0),
    both.admin(1),
    await both.page('bob', 1, waiting),
    both.callback('ann@example.org', 0),
  ];
  const [first, ...rest] = unchanged;
  await approve(first === undefined ? [] : [first], [...doors, both.command()], again);
  await approve(rest, doors, again);
  for (let round = 0; round < 2; round += 1) await Promise.all(unchanged.map((held) => again(held)));
  const ran = () => both.executed().map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`);
  const once = unchanged.map(({ n }) => `pay {"n":${n}}`);
  expect(ran().toSorted()).toEqual(once.toSorted());

  await approve(otherArguments, releasing);
  await Promise.all(otherArguments.map((held) => again(held, { to: 'eve' })));

  await approve(otherTool.slice(0, 6), releasing);
  await both.redefine('order', 'Does something else.');
  await approve(otherTool.slice(6), doors);
  await Promise.all(otherTool.map((held) => again(held)));

  await approve(revoked.slice(0, 6), releasing);
  await both.ask(keyOf('root'), `/v1/keys/${made.body.id}`, { method: 'DELETE' });
  await approve(revoked.slice(6), doors);
  await Promise.all(revoked.map((held) => again(held)));

  await approve(otherPolicy.slice(0, 6), releasing);
  await both.addPolicy('more', [
    { id: 'big', match: { tools: ['ship'] }, effect: 'ask', when: 'args.n > 10' },
  ]);
  await approve(otherPolicy.slice(6), doors);
  await Promise.all(otherPolicy.map((held) => again(held)));

  expect(ran().toSorted()).toEqual(once.toSorted());
}, 120_000);
