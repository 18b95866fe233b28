import { afterEach, expect, test } from 'vitest';
import { Secret } from '../../packages/gateway/src/model/secret.js';
import { result, type Stage, setStage } from './house.js';

let stage: Stage;
afterEach(() => stage.close());

const value = 'sk-live-0123456789abcdef';

test('a known secret is taken out of results, errors and records, in clear and in base64', async () => {
  const leaky = JSON.stringify({ content: [{ type: 'text', text: `key ${value}, ${btoa(`x${value}`)}` }] });
  stage = await setStage({ answer: async () => ({ kind: 'result', result: result(leaky) }) });
  stage.redactor.learn(new Secret(value));
  const outcome = await stage.call();
  expect(outcome.kind).toBe('completed');
  const seen = JSON.stringify([outcome, (await stage.records()).map((row) => [row.record, row.payloads])]);
  expect(seen).not.toContain(value);
  expect(seen).not.toContain(btoa(`x${value}`).slice(4, 20));
  expect(seen).toContain('[redacted]');
});

test('a known secret is taken out of the message and data of an upstream error', async () => {
  const error = { code: 7, message: `bad key ${value}`, data: result(JSON.stringify({ key: value })) };
  stage = await setStage({ answer: async () => ({ kind: 'error', error }) });
  stage.redactor.learn(new Secret(value));
  expect(JSON.stringify(await stage.call())).not.toContain(value);
});

test('a result that cannot be cleaned without breaking it is blocked, not passed on', async () => {
  stage = await setStage({ answer: async () => ({ kind: 'result', result: result('{"content":[]}') }) });
  stage.redactor.redact = (text) => (text === '{"content":[]}' ? '{"content":[redacted' : text);
  expect(await stage.call()).toMatchObject({ kind: 'refused', refusal: { code: 'result_blocked' } });
  expect((await stage.records())[1]?.record).toMatchObject({ outcome: 'unknown', code: 'result_blocked' });
});
