import { describe, expect, it } from 'vitest';
import { answering, asksOnce, attempt, faultOf, keyOf, parking, said, yes } from './parked-fixture.js';

describe('inputResponses', () => {
  const wrong: [what: string, responses: unknown][] = [
    ['no object', null],
    ['no object', [yes]],
    ['an answer that is no object', { KEY: 12345 }],
    ['an answer without an action', { KEY: { content: {} } }],
    ['an unknown action', { KEY: { action: 'maybe' } }],
    ['an answer in an envelope', { KEY: { method: 'elicitation/create', result: yes } }],
    [
      'more answers than anybody asked for',
      Object.fromEntries(Array.from({ length: 129 }, (_, at) => [`k${at}`, yes])),
    ],
  ];

  for (const [what, responses] of wrong) {
    it(`are refused for ${what}, and can be sent again`, async () => {
      const house = parking(asksOnce);
      const seen = await house.run(attempt());
      const given = JSON.parse(
        JSON.stringify(responses).replace('"KEY"', JSON.stringify(keyOf(seen))),
      ) as object;
      const fault = await faultOf(house.run(answering(seen, given)));
      expect(fault).toMatchObject({ reason: 'invalid_input_responses', code: -32602 });
      expect((await house.run(answering(seen, { [keyOf(seen)]: yes }))).kind).toBe('completed');
    });
  }

  it('that are missing are asked for again, under the same key', async () => {
    const house = parking(async (ask) => {
      const answers = await Promise.all([ask('elicitation/create', { message: 'a' }), ask('roots/list')]);
      return answers.map(said).join();
    });
    const seen = await house.run(attempt());
    const [form = '', roots = ''] = seen.keys;
    const again = await house.run(answering(seen, { [form]: yes, unknown: yes }));
    expect(again.keys).toEqual([roots]);
    const still = await house.run(attempt({ requestState: again.state }));
    expect(still.keys).toEqual([roots]);
    const done = await house.run(answering(still, { [roots]: { roots: [{ uri: 'file:///x' }] } }));
    expect(done.kind).toBe('completed');
  });

  it('may come before the question, as servers without state know them, and count once', async () => {
    const house = parking(async (ask) => {
      const first = said(await ask('elicitation/create', {}, { key: 'user_name' }));
      return `${first} ${said(await ask('elicitation/create', {}, { key: 'user_name' }))}`;
    });
    const seen = await house.run(attempt({ inputResponses: { user_name: yes, other: yes } }));
    expect(seen.keys).toEqual(['user_name']);
    const done = await house.run(answering(seen, { user_name: { action: 'decline' } }));
    expect(done.text).toBe(`${JSON.stringify(yes)} {"action":"decline"}`);
  });

  it('that come before the question and do not fit it are asked for', async () => {
    const house = parking(async (ask) => said(await ask('elicitation/create', {}, { key: 'user_name' })));
    const seen = await house.run(attempt({ inputResponses: { user_name: { data: 'wrong' } } }));
    expect(seen.keys).toEqual(['user_name']);
    for (const responses of [null, { user_name: 12345 }]) {
      expect((await faultOf(house.run(attempt({ inputResponses: responses })))).code).toBe(-32602);
    }
  });
});
