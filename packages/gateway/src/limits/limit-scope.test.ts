import { expect, test } from 'vitest';
import { parseJson } from '../lib/json/parse-json.js';
import { type LimitSubject, scopeOf } from './limit-scope.js';

function scope(args: string): string {
  const principal = { id: 'a', credential: 'key:1', tenant: 'default', roles: [], labels: {} };
  const subject: LimitSubject = { principal, upstream: 'u', target: 't', args: parseJson(args).value };
  return scopeOf(['principal', 'arg:card'], subject);
}

test('the value of an argument is told apart, however it is written, and is not in the scope', () => {
  expect(scope('{"card":"4111-1111"}')).not.toContain('4111');
  expect(scope('{"card":1.0}')).toBe(scope('{"card":1}'));
  expect(new Set(['{"card":1}', '{"card":"1"}', '{"card":null}', '{"card":""}', '{}'].map(scope)).size).toBe(
    5,
  );
});

test('keys are counted apart, access tokens and sign-ins of one caller together', () => {
  const scopeWith = (credential: string, id = 'a') => {
    const principal = { id, credential, tenant: 'default', roles: [], labels: {} };
    return scopeOf(['credential'], { principal, upstream: 'u', target: 't', args: {} });
  };
  expect(scopeWith('key:1')).not.toBe(scopeWith('key:2'));
  expect(scopeWith('jwt:one')).toBe(scopeWith('jwt:two'));
  expect(scopeWith('person:one')).toBe(scopeWith('person:two'));
  const apart = [
    scopeWith('jwt:one'),
    scopeWith('jwt:one', 'b'),
    scopeWith('person:one'),
    scopeWith('key:1'),
  ];
  expect(new Set(apart).size).toBe(4);
});
