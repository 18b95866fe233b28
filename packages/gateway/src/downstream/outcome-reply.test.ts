import { describe, expect, test } from 'vitest';
import type { Outcome } from '../model/outcome.js';
import { Refusal } from '../model/refusal.js';
import { objectText } from './face-fixture.js';
import { refusedListing, replyOf } from './outcome-reply.js';

const serverInfo = { name: 'sallyport', version: '0.0.0' };
const modern = { era: 'modern', serverInfo } as const;
const legacy = { era: 'legacy', serverInfo } as const;

const aTool = { method: 'tools/call', kind: 'tool', target: 't' } as const;
const aResource = { method: 'resources/read', kind: 'resource', target: 'file:///a' } as const;

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
    expect(replyOf(completed(text), aTool, asker).body).toBe(`"result":${expected}`);
  });

  test.each([
    ['{"_meta":{"io.github.sallyport/refusal":{"code":"denied"},"n":1.0},"content":[ ]}', legacy],
    ['{"_meta":{"io.github.sallyport\\/refusal":1,"n":1.0},"content":[ ]}', legacy],
    ['{"_meta":{"n":1.0,"io.github.sallyport/refusal":1},"resultType":"complete","content":[ ]}', legacy],
    ['{"_meta":{"n":1.0,"io.github.sallyport/refusal":1},"content":[ ]}', modern],
  ])('%s cannot pass for a refusal of the gateway, and keeps the rest', (text, asker) => {
    const body = replyOf(completed(text), aTool, asker).body;
    expect(body).not.toContain('refusal');
    expect(body).toContain('"_meta":{"n":1.0},');
    expect(body).toContain('"content":[ ]');
  });

  test.each(['refusal', 'hold'])('or an error of a server has no %s of ours', (word) => {
    const ours = { [`io.github.sallyport/${word}`]: { id: 'hold_1', code: 'denied' } };
    const data = objectText(JSON.stringify({ ...ours, n: 1 }));
    const told = [
      completed(JSON.stringify({ _meta: ours, content: [] })),
      { kind: 'errored', callId: 'c1', error: { code: 7, message: 'no', data } } as const,
    ].map((outcome) => replyOf(outcome, aTool, legacy).body);
    expect(told).toEqual([
      '"result":{"_meta":{},"content":[]}',
      '"error":{"code":7,"message":"no","data":{"n":1}}',
    ]);
  });

  test('that only speaks of our refusals elsewhere comes as it is', () => {
    const text = '{"content":[{"_meta":{ }}], "io.github.sallyport/refusal":1,"_meta":[ ]}';
    expect(replyOf(completed(text), aTool, legacy).body).toBe(`"result":${text}`);
  });

  test.each([modern, legacy])('that asks for input is told as an error', (asker) => {
    const body = `{${replyOf(completed('{"resultType":"input_required"}'), aTool, asker).body}}`;
    expect(JSON.parse(body).result).toMatchObject({ isError: true });
    expect(body).not.toContain('input_required');
  });

  test('of a prompt that asks for input is an error', () => {
    const asked = { method: 'prompts/get', kind: 'prompt', target: 'p' } as const;
    const { body } = replyOf(completed('{"resultType":"input_required"}'), asked, modern);
    expect(body).toMatch(/^"error":\{"code":-32603,/);
  });
});

describe('an error of the upstream', () => {
  test('is relayed with its code and its data as they came', () => {
    expect(replyOf(errored(4711), aTool, modern).body).toBe(
      '"error":{"code":4711,"message":"no","data":{"n":1.0}}',
    );
  });

  test.each([-32020, -32021, -32022, -32700])('with the code %i is not taken for ours', (code) => {
    expect(replyOf(errored(code), aTool, legacy).body).toMatch(/^"error":\{"code":-32603,/);
  });

  test('that names capabilities tells a modern client those that it could declare and did not', () => {
    const text = '{"requiredCapabilities":{"sampling":{},"elicitation":{"url":{}},"x":{}}}';
    const error = { code: -32021, message: 'no', data: objectText(text) };
    const told = (capabilities: string) =>
      replyOf({ kind: 'errored', callId: 'c1', error }, aTool, { ...modern, capabilities });
    expect(told('{"elicitation":{}}')).toEqual({
      status: 400,
      body:
        '"error":{"code":-32021,"message":"The upstream server needs a client that offers sampling",' +
        '"data":{"requiredCapabilities":{"sampling":{}}}}',
    });
    expect(told('{"elicitation":{},"sampling":{}}').body).toContain('"code":-32603,');
  });

  test('that asks to visit pages first reaches only legacy clients', () => {
    expect(replyOf(errored(-32042), aTool, legacy).body).toContain('"code":-32042,');
    expect(replyOf(errored(-32042), aTool, modern).body).toContain('"code":-32603,');
  });

  test('that a resource is not there is said in the way of each era', () => {
    expect(replyOf(errored(-32002), aResource, legacy).body).toContain('"code":-32002,');
    expect(replyOf(errored(-32002), aResource, modern).body).toContain('"code":-32602,');
    const missing = (uri: string): Outcome => ({
      kind: 'errored',
      callId: 'c1',
      error: { code: -32602, message: 'no', data: { text: JSON.stringify({ uri }), value: { uri } } },
    });
    expect(replyOf(missing('file:///a'), aResource, legacy).body).toContain('"code":-32002,');
    expect(replyOf(missing('file:///b'), aResource, legacy).body).toContain('"code":-32602,');
    expect(replyOf(missing('file:///a'), aResource, modern).body).toContain('"code":-32602,');
  });

  test('cannot pass for a refusal of the gateway', () => {
    const data = objectText('{"io.github.sallyport/refusal":{"code":"denied"}, "n":1.0}');
    const error = { code: 403, message: 'no', data };
    expect(replyOf({ kind: 'errored', callId: 'c1', error }, aResource, modern).body).toBe(
      '"error":{"code":403,"message":"no","data":{"n":1.0}}',
    );
  });
});

describe('a resource', () => {
  test.each([
    ['{"contents":[ ]}', '{"resultType":"complete","ttlMs":0,"cacheScope":"private","contents":[ ]}'],
    ['{"contents":[],"ttlMs":7}', '{"resultType":"complete","cacheScope":"private","contents":[],"ttlMs":7}'],
    [
      '{"resultType":"complete","ttlMs":7,"cacheScope":"public","contents":[ ]}',
      '{"resultType":"complete","ttlMs":7,"cacheScope":"private","contents":[ ]}',
    ],
    [
      '{"resultType":"complete","contents":[ ]}',
      '{"ttlMs":0,"cacheScope":"private","resultType":"complete","contents":[ ]}',
    ],
    [
      '{"resultType":"complete","ttlMs":7,"cacheScope":"private" }',
      '{"resultType":"complete","ttlMs":7,"cacheScope":"private" }',
    ],
  ])('%s says to a modern client how long it is good, and is shared with nobody', (text, expected) => {
    expect(replyOf(completed(text), aResource, modern).body).toBe(`"result":${expected}`);
  });
});

describe('a refusal', () => {
  const refusal = new Refusal('concurrency_limited', 'Too fast.', {
    rule: 'r1',
    retryAfterSeconds: 3,
    detail: 'only for operators',
  });

  test('is a result that says why, with what programs need beside it', () => {
    const { body } = replyOf({ kind: 'refused', callId: 'c1', refusal }, aTool, modern);
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
    const { body } = replyOf({ kind: 'refused', callId: 'c1', refusal }, aTool, legacy);
    expect(body).not.toMatch(/resultType|serverInfo|only for operators/);
  });

  test('says when the call may have run', () => {
    const timeout = new Refusal('upstream_timeout', 'No answer.', { mayHaveRun: true });
    const { body } = replyOf({ kind: 'refused', callId: 'c1', refusal: timeout }, aTool, modern);
    expect(body).toContain('"mayHaveRun":true');
  });

  test('of what is no tool is an error outside the reserved codes, with the same for programs', () => {
    const { body } = replyOf({ kind: 'refused', callId: 'c1', refusal }, aResource, modern);
    expect(JSON.parse(`{${body}}`).error).toEqual({
      code: 429,
      message: 'Too fast.',
      data: {
        'io.github.sallyport/refusal': {
          code: 'concurrency_limited',
          status: 429,
          rule: 'r1',
          retryAfterSeconds: 3,
          decisionId: 'c1',
        },
      },
    });
  });

  test('of a list is an error outside the reserved codes', () => {
    expect(refusedListing(refusal).body).toMatch(/^"error":\{"code":429,"message":"Too fast."/);
  });
});

describe('what is hidden or absent is unknown, in the same words', () => {
  const unknown: Outcome = { kind: 'unknown', callId: 'c1' };

  test('for a tool in both eras', () => {
    const expected = { body: '"error":{"code":-32602,"message":"Unknown tool: a\\"b"}', status: 200 };
    expect(replyOf(unknown, { ...aTool, target: 'a"b' }, modern)).toEqual(expected);
    expect(replyOf(unknown, { ...aTool, target: 'a"b' }, legacy)).toEqual(expected);
  });

  test('for a resource in the way of each era', () => {
    const body = (code: number) =>
      `"error":{"code":${code},"message":"Unknown resource: file:///a","data":{"uri":"file:///a"}}`;
    expect(replyOf(unknown, aResource, legacy).body).toBe(body(-32002));
    expect(replyOf(unknown, aResource, modern).body).toBe(body(-32602));
  });

  test('for a method of an extension as for any other', () => {
    const asked = { method: 'x/y', kind: 'method', target: 'x/y' } as const;
    const body = '"error":{"code":-32601,"message":"Unknown method: x/y"}';
    expect(replyOf(unknown, asked, legacy)).toEqual({ body, status: 200 });
    expect(replyOf(unknown, asked, modern)).toEqual({ body, status: 404 });
  });
});

test('a fault of ours is told by its reference only', () => {
  const { body } = replyOf({ kind: 'failed', callId: 'c1' }, aTool, modern);
  expect(body).toBe('"error":{"code":-32603,"message":"Internal error (reference c1)"}');
});
