import { afterEach, expect, test } from 'vitest';
import { type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

test('a rule on trial stops nothing, and the record says what it would have done', async () => {
  stage = await setStage({
    policy: {
      default: 'allow',
      rules: [
        { id: 'no-big', match: {}, when: 'args.amount > 100', effect: 'deny', shadow: true },
        {
          id: 'broken',
          match: {},
          when: 'args.to.within("/srv")',
          effect: 'deny',
          shadow: true,
        },
      ],
    },
  });
  expect(await stage.call({ to: 'a', amount: 101 })).toMatchObject({ kind: 'completed' });
  expect(await stage.call({ to: 'a', amount: 5 })).toMatchObject({ kind: 'completed' });
  const decided = (await stage.records())
    .map(({ record }) => record)
    .filter(({ type }) => type === 'call.decided');
  expect(decided).toMatchObject([
    {
      effect: 'allow',
      shadow: {
        effect: 'deny',
        verdicts: [
          { by: 'broken', effect: 'fault' },
          { by: 'no-big', effect: 'deny' },
        ],
      },
    },
    { effect: 'allow', shadow: { effect: 'deny', verdicts: [{ by: 'broken', effect: 'fault' }] } },
  ]);
});

test('without rules on trial the record says nothing of them', async () => {
  stage = await setStage({ policy: { default: 'allow', rules: [] } });
  await stage.call();
  expect((await stage.records())[0]?.record).not.toHaveProperty('shadow');
});
