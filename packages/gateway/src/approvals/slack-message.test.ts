import { expect, test } from 'vitest';
import type { ApprovalView } from '../model/approval-view.js';
import type { Hold } from '../model/hold.js';
import { argumentRows } from './argument-rows.js';
import { slackMessage } from './slack-message.js';

function linesOf(args: object, before: object): string[] {
  const of = (value: object) => ({ args: JSON.stringify(value) }) as Hold;
  const view = {
    id: 'hold_1',
    state: 'pending',
    facts: [],
    arguments: argumentRows(of(args), of(before)),
    needs: { quorum: 1, given: 0, noteRequired: false, stepUp: false, approvers: [], open: [] },
    votes: [],
  } as unknown as ApprovalView;
  const { blocks } = slackMessage(view, { token: 't' }) as { blocks: Record<string, unknown>[] };
  const table = blocks.find(({ type }) => type === 'rich_text') as {
    elements: [unknown, { elements: [{ text: string }] }];
  };
  return table.elements[1].elements[0].text.split('\n');
}

test('a text is told from a number, now and before', () => {
  expect(linesOf({ sum: '100', count: 1 }, { sum: 100, count: '1' })).toEqual([
    'sum: "100"  (before: 100)',
    'count: 1  (before: "1")',
  ]);
});

test('neither a value nor a name can look like a line of another', () => {
  expect(linesOf({ a: '1\nb: 2', 'c: 3\nd': 4 }, { a: '1\nb: 2' })).toEqual([
    'a: "1\\nb: 2"',
    '"[\\"c: 3\\\\nd\\"]": 4  (new)',
  ]);
});
