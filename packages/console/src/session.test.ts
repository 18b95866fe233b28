import { expect, it } from 'vitest';
import { askSession } from './session.js';

const answering =
  (body: unknown, status = 200) =>
  async () =>
    Response.json(body, { status });

it('says who is signed in, and with what token they change things', async () => {
  const told = { signed_in: true, principal: 'ann', csrf: 't', issuer: 'https://idp.example' };
  expect(await askSession(answering(told))).toEqual({ principal: 'ann', csrf: 't', hasProvider: true });
});

it('takes every other answer, and none, for nobody', async () => {
  expect(await askSession(answering({ signed_in: false, issuer: 'x' }))).toEqual({ hasProvider: true });
  for (const ask of [answering({ principal: 'ann' }), answering(null), answering({ principal: 'ann' }, 500)])
    expect(await askSession(ask)).toEqual({ hasProvider: false });
  expect(await askSession(() => Promise.reject(new Error('gone')))).toEqual({ hasProvider: false });
});
