import { expect, test } from 'vitest';
import { LineEditor } from './line-editor.js';

function typed(text: string) {
  let shown = '';
  const editor = new LineEditor((echo) => {
    shown += echo;
  });
  const events: unknown[] = [];
  for (let left = text; left !== ''; ) {
    const { event, rest } = editor.take(left);
    if (event !== undefined) events.push(event);
    left = rest;
  }
  return { events, shown };
}

test('a line is what is typed, without what was rubbed out', () => {
  expect(typed('dx\u007f no\r')).toEqual({ events: [{ kind: 'line', text: 'd no' }], shown: 'dx\b \b no\n' });
  expect(typed('wrong\u0015a\r').events).toEqual([{ kind: 'line', text: 'a' }]);
  expect(typed('\u007f\r').events).toEqual([{ kind: 'line', text: '' }]);
});

test('keys without a character do nothing, and are not shown', () => {
  expect(typed('\u001b[Aa\u001b[200~\u001bOPb\u001b\t\u009b\r')).toEqual({
    events: [{ kind: 'line', text: 'ab' }],
    shown: 'ab\n',
  });
});

test('the end of input counts on an empty line only, Ctrl-C always', () => {
  expect(typed('\u0004').events).toEqual([{ kind: 'end' }]);
  expect(typed('a\u0004').events).toEqual([]);
  expect(typed('a\u0003').events).toEqual([{ kind: 'interrupt' }]);
});
