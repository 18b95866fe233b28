import { expect, test } from 'vitest';
import { Cancellation } from './cancellation.js';

test('tells each listener once', () => {
  const cancellation = new Cancellation();
  const heard: string[] = [];
  cancellation.addEventListener('abort', () => heard.push('first'));
  cancellation.addEventListener('abort', () => heard.push('second'));
  expect(cancellation.aborted).toBe(false);
  cancellation.abort();
  cancellation.abort();
  expect(cancellation.aborted).toBe(true);
  expect(heard).toEqual(['first', 'second']);
});

test('does not tell a listener that was taken away', () => {
  const cancellation = new Cancellation();
  let heard = false;
  const listener = () => {
    heard = true;
  };
  cancellation.addEventListener('abort', listener);
  cancellation.removeEventListener('abort', listener);
  cancellation.removeEventListener('abort', listener);
  cancellation.abort();
  expect(heard).toBe(false);
});
