import { expect, test } from 'vitest';
import { baseEnvironment } from './base-environment.js';

const operator = {
  PATH: '/usr/bin',
  LANG: 'de_DE.UTF-8',
  HOME: '/home/operator',
  AWS_SECRET_ACCESS_KEY: 'x',
  NODE_OPTIONS: '--require /tmp/x.js',
  HTTPS_PROXY: 'http://user:password@proxy',
  SystemRoot: 'C:\\Windows',
};

test('a child process inherits the search path and the locale and nothing else', () => {
  expect(baseEnvironment(operator, 'linux')).toEqual({ PATH: '/usr/bin', LANG: 'de_DE.UTF-8' });
});

test('on Windows a child process also gets what programs need to start at all', () => {
  expect(baseEnvironment(operator, 'win32')).toEqual({
    PATH: '/usr/bin',
    LANG: 'de_DE.UTF-8',
    SystemRoot: 'C:\\Windows',
  });
});
