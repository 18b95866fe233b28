import { describe, expect, test } from 'vitest';
import type { Outcome } from '../model/outcome.js';
import { Refusal } from '../model/refusal.js';
import { objectText } from './face-fixture.js';
import { refusedListing, replyOf } from './outcome-reply.js';

const serverInfo = { name: 'sallyport', version: '0.0.0' };
const modern = { era: 'modern', serverInfo } as const;
const legacy = { era: 'legacy', serverInfo } as const;

const completed = (text: string): Outcome => ({ kind: 'completed', callId: 'c1', result: objectText(text) });
const errored = (code: number): Outcome => ({
  kind: 'errored',
  callId: 'c1',
  error: { code, message: 'no', data: { text: '{"n":1.0}', value: { n: 1 } } },
});

describe('a result', () => {
  test.each([
    ['{"content":[ ],"isError":true,"n":1.0}', legacy, '{"content":[ ],"isError":true,"n":1.0}'],
    ['{"resultType":"complete", "n":1.0}', modern, '{"resultType":"complete", "n":1.0}'],
    [
      '{"content":[],"n":12345678901234567890}',
      modern,
      '{"resultType":"complete","content":[],"n":12345678901234567890}',
    ],
    ['{}', modern, '{"resultType":"complete"}'],
    ['{ }', modern, '{"resultType":"complete" }'],
    ['{"resultType":"complete","ttlMs":5,"cacheScope":"private","n":1.0}', legacy, '{"n":1.0}'],
    ['{"ttlMs":5}', legacy, '{"ttlMs":5}'],
  ])('%s reaches a client of the other era in its form and otherwise unchanged', (text, asker, expected) => {
    expect(replyOf(completed(text), 't', asker).body).toBe(`"result":${expected}`);
  });

  test.each([
    ['{"_meta":{"io.github.sallyport/refusal":{"code":"denied"},"n":1.0},"content":[ ]}', legacy],
    ['{"_meta":{"io.github.sallyport\\/refusal":1,"n":1.0},"content":[ ]}', legacy],
    ['{"_meta":{"n":1.0,"io.github.sallyport/refusal":1},"resultType":"complete","content":[ ]}', legacy],
    ['{"_meta":{"n":1.0,"io.github.sallyport/refusal":1},"content":[ ]}', modern],
  ])('%s cannot pass for a refusal of the gateway, and keeps the rest', (text, asker) => {
    const body = replyOf(completed(text), 't', asker).body;
    expect(body).not.toContain('refusal');
    expect(body).toContain('"_meta":{"n":1.0},');
    expect(body).toContain('"content":[ ]');
  });

  test('that only speaks of our refusals elsewhere comes as it is', () => {
    const text = '{"content":[{"_meta":{ }}], "io.github.sallyport/refusal":1,"_meta":[ ]}';
    expect(replyOf(completed(text), 't', legacy).body).toBe(`"result":${text}`);
  });

  test.each([modern, legacy])('that asks for input is told as an error', (asker) => {
    const body = `{${replyOf(completed('{"resultType":"input_required"}'), 't', asker).body}}`;
    expect(JSON.parse(body).result).toMatchObject({ isError: true });
    expect(body).not.toContain('input_required');
  });
});

describe('an error of the upstream', () => {
  test('is relayed with its code and its data as they came', () => {
    expect(replyOf(errored(4711), 't', modern).body).toBe(
      '"error":{"code":4711,"message":"no","data":{"n":1.0}}',
    );
  });

  test.each([-32020, -32021, -32022, -32700])('with the code %i is not taken for ours', (code) => {
    expect(replyOf(errored(code), 't', legacy).body).toMatch(/^"error":\{"code":-32603,/);
  });

  test.each([-32002, -32042])('with the code %i reaches only legacy clients', (code) => {
    expect(replyOf(errored(code), 't', legacy).body).toContain(`"code":${code},`);
    expect(replyOf(errored(code), 't', modern).body).toContain('"code":-32603,');
  });
});

describe('a refusal', () => {
  const refusal = new Refusal('concurrency_limited', 'Too fast.', {
    rule: 'r1',
    retryAfterSeconds: 3,
    detail: 'only for operators',
  });

  test('is a result that says why, with what programs need beside it', () => {
    const { body } = replyOf({ kind: 'refused', callId: 'c1', refusal }, 't', modern);
    expect(JSON.parse(`{${body}}`).result).toEqual({
      resultType: 'complete',
      content: [{ type: 'text', text: 'Too fast.' }],
      isError: true,
      _meta: {
        'io.github.sallyport/refusal': {
          code: 'concurrency_limited',
          status: 429,
          rule: 'r1',
          retryAfterSeconds: 3,
          decisionId: 'c1',
        },
        'io.modelcontextprotocol/serverInfo': serverInfo,
      },
    });
  });

  test('has no modern members for a legacy client, and never the detail', () => {
    const { body } = replyOf({ kind: 'refused', callId: 'c1', refusal }, 't', legacy);
    expect(body).not.toMatch(/resultType|serverInfo|only for operators/);
  });

  test('says when the call may have run', () => {
    const timeout = new Refusal('upstream_timeout', 'No answer.', { mayHaveRun: true });
    const { body } = replyOf({ kind: 'refused', callId: 'c1', refusal: timeout }, 't', modern);
    expect(body).toContain('"mayHaveRun":true');
  });

  test('of a list is an error outside the reserved codes', () => {
    expect(refusedListing(refusal).body).toMatch(/^"error":\{"code":429,"message":"Too fast."/);
  });
});

test('a tool that is hidden or absent is unknown, in the same words for both eras', () => {
  const unknown: Outcome = { kind: 'unknown', callId: 'c1' };
  const expected = { body: '"error":{"code":-32602,"message":"Unknown tool: a\\"b"}', status: 200 };
  expect(replyOf(unknown, 'a"b', modern)).toEqual(expected);
  expect(replyOf(unknown, 'a"b', legacy)).toEqual(expected);
});

test('a fault of ours is told by its reference only', () => {
  const { body } = replyOf({ kind: 'failed', callId: 'c1' }, 't', modern);
  expect(body).toBe('"error":{"code":-32603,"message":"Internal error (reference c1)"}');
});
