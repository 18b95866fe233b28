import { expect, it } from 'vitest';
import { Subscriptions } from './subscriptions.js';

const holder = (asker: string, owner = 'o') => ({ asker, owner });

it('tells when the last who wanted a resource has gone', () => {
  const subscriptions = new Subscriptions();
  subscriptions.add('x://1', holder('a'));
  subscriptions.add('x://1', holder('b'));
  expect(subscriptions.remove('x://1', holder('a'))).toBe(false);
  expect(subscriptions.remove('x://1', holder('a'))).toBe(false);
  expect(subscriptions.remove('x://1', holder('b'))).toBe(true);
  expect(subscriptions.size).toBe(0);
});

it('lets one caller take 1,000 and leaves room for the others', () => {
  const subscriptions = new Subscriptions();
  for (let uri = 0; uri < 1000; uri++) expect(subscriptions.add(`x://${uri}`, holder(`a${uri}`))).toBe(true);
  expect(subscriptions.add('x://more', holder('a'))).toBe(false);
  expect(subscriptions.add('x://0', holder('a0'))).toBe(true);
  expect(subscriptions.add('x://more', holder('b', 'other'))).toBe(true);
  subscriptions.remove('x://5', holder('a5'));
  expect(subscriptions.add('x://more', holder('a'))).toBe(true);
});
