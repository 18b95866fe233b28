import { expect, test } from 'vitest';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import type { Prompt } from '../model/target.js';
import { promptArgumentFault } from './prompt-arguments.js';

function promptWith(declared: unknown): Prompt {
  const definition = parseJson(JSON.stringify({ name: 'review', arguments: declared })) as JsonObjectText;
  return { kind: 'prompt', exposedName: 'review', upstream: 'u', name: 'review', definition, digest: 'd' };
}

const review = promptWith([{ name: 'file', required: true }, { name: 'style' }]);

test.each<[string, object | undefined]>([
  ['all that is required', { file: 'a.ts' }],
  ['what is optional beside it', { file: 'a.ts', style: '' }],
])('takes %s', (_what, args) => {
  expect(promptArgumentFault(review, args as never, false)).toBeUndefined();
});

test.each<[string, object | undefined, string]>([
  ['no arguments at all', undefined, 'lack "file"'],
  ['an argument under a name of every object', { constructor: 'x' }, 'lack "file"'],
  ['a number', { file: 1 }, '"file" must be a string'],
  ['null', { file: null }, '"file" must be a string'],
  ['a name in other letters', { file: 'a', File: 'b' }, 'Did you mean "file"?'],
])('says what is wrong with %s', (_what, args, sentence) => {
  expect(promptArgumentFault(review, args as never, false)).toContain(sentence);
});

test('takes names that are not declared where the upstream is open, and where none are declared', () => {
  expect(promptArgumentFault(review, { file: 'a', more: 'b' }, true)).toBeUndefined();
  expect(promptArgumentFault(promptWith(undefined), { more: 'b' }, false)).toBeUndefined();
  expect(promptArgumentFault(promptWith('nonsense'), { more: 1 }, false)).toContain('must be a string');
});
