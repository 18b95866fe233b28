import { expect, test } from 'vitest';
import { readPromptAnswer } from './prompt-answer.js';

const plain = { word: undefined, mustOpen: false };

test.each([
  ['', { verdict: 'deny' }],
  ['   ', { verdict: 'deny' }],
  ['D', { verdict: 'deny' }],
  ['no thanks', { verdict: 'deny', note: 'thanks' }],
  ['a', { verdict: 'approve' }],
  ['Approve for ann', { verdict: 'approve', note: 'for ann' }],
])('%j is an answer', (line, answer) => {
  expect(readPromptAnswer(line, plain)).toMatchObject({ kind: 'answer', ...answer });
});

test.each(['y', 'yes', 'aa', 'ad', 'approved', 'a\u200b'])('%j is no answer', (line) => {
  expect(readPromptAnswer(line, plain).kind).toBe('unclear');
});

test('where a word is needed, only the right one approves', () => {
  const needs = { word: 'kumo', mustOpen: false };
  expect(readPromptAnswer('a', needs).kind).toBe('unclear');
  expect(readPromptAnswer('a kumi', needs).kind).toBe('unclear');
  expect(readPromptAnswer('a KUMO it is fine', needs)).toEqual({
    kind: 'answer',
    verdict: 'approve',
    note: 'it is fine',
  });
  expect(readPromptAnswer('d', needs)).toMatchObject({ verdict: 'deny' });
});

test('what was not shown whole is shown, or denied, and not approved', () => {
  const needs = { word: 'kumo', mustOpen: true };
  expect(readPromptAnswer('a kumo', needs).kind).toBe('unclear');
  expect(readPromptAnswer('s', needs).kind).toBe('show');
  expect(readPromptAnswer('d', needs)).toMatchObject({ verdict: 'deny' });
});
