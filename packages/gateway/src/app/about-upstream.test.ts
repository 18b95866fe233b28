import { expect, test } from 'vitest';
import { aboutUpstream } from './about-upstream.js';

const limits = { id: 'pay', timeoutMs: 1, startTimeoutMs: 1 };

test('a person sees where a server is and the references of its secrets, and nothing that could be one', () => {
  const headers = {
    Authorization: { parts: ['Bearer ', { secret: 'env:PAY_TOKEN' }] },
    'X-Plain': { parts: ['plain-text-password'] },
  };
  const url = 'https://user:pw@pay.example/s/TOKEN?key=1#x';
  expect(aboutUpstream({ kind: 'http', ...limits, url, headers })).toEqual({
    address: 'https://pay.example',
    credentialName: 'env:PAY_TOKEN',
  });
});

test('a server that nobody knows, or that gets no secret, has none', () => {
  expect(aboutUpstream(undefined)).toEqual({});
  expect(aboutUpstream({ kind: 'http', ...limits, url: 'http://pay', headers: {} })).toEqual({
    address: 'http://pay',
  });
});
