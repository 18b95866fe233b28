import { expect, it } from 'vitest';
import { Secret } from '../model/secret.js';
import { isWeak } from './is-weak.js';

it.each([
  '',
  'admin',
  'changeme',
  'secret-api-key',
  'changeme-changeme',
  'a'.repeat(40),
  '1234567890123456',
  'qwertyuiopasdfgh',
  'Vq3uW8xkVq3uW8xk',
  'abcdefghijklmnop-0987654321',
  'Vq3uW8xk1nJt5rY',
])('"%s" can be guessed', (value) => {
  expect(isWeak(new Secret(value))).toBe(true);
});

it.each([
  'Vq3uW8xk1nJt5rYz',
  'prod-admin-Vq3uW8xk1nJt5rYz',
  '3f9d1c7ab2e85f604d17',
  '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
])('"%s" cannot', (value) => {
  expect(isWeak(new Secret(value))).toBe(false);
});
