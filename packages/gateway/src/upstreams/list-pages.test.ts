import { describe, expect, it } from 'vitest';
import { parseJson } from '../lib/json/parse-json.js';
import type { JsonObjectText } from '../model/json.js';
import type { UpstreamReply } from '../model/upstream.js';
import type { OutgoingRequest } from './connection.js';
import { listPages } from './list-pages.js';

const question = { method: 'prompts/list', member: 'prompts', timeoutMs: 1000 };
const result = (value: unknown): UpstreamReply => ({
  kind: 'result',
  result: parseJson(JSON.stringify(value)) as JsonObjectText,
});

/** A server that answers in turn, and what it was asked. */
function server(...replies: (UpstreamReply | ((index: number) => UpstreamReply))[]) {
  const asked: string[] = [];
  const request = async ({ members }: OutgoingRequest) => {
    const reply = replies[Math.min(asked.length, replies.length - 1)];
    asked.push(members);
    if (reply === undefined) throw new Error('no reply');
    return typeof reply === 'function' ? reply(asked.length) : reply;
  };
  return { asked, request };
}

describe('the pages of a list', () => {
  it('are asked for until there are no more, an empty cursor included', async () => {
    const one = server(
      result({ prompts: [1], nextCursor: '' }),
      result({ prompts: [2], nextCursor: 'a"b' }),
      result({ prompts: [] }),
    );
    const pages = await listPages(one, question);
    expect(pages?.map(({ value }) => value)).toEqual([[1], [2], []]);
    expect(one.asked).toEqual(['', '"cursor":""', '"cursor":"a\\"b"']);
  });

  it('are none where the server does not know the method', async () => {
    const error: UpstreamReply = { kind: 'error', error: { code: -32601, message: 'no' } };
    await expect(listPages(server(error), question)).resolves.toBeUndefined();
  });

  it.each<[string, ReturnType<typeof server>]>([
    ['failed: no', server({ kind: 'error', error: { code: -32603, message: 'no' } })],
    ['no array of prompts', server(result({ prompts: {} }))],
    ['no array of prompts', server(result({ tools: [] }))],
    ['the same cursor twice', server(result({ prompts: [], nextCursor: 'x' }))],
    ['more than 200 pages', server((index) => result({ prompts: [], nextCursor: String(index) }))],
    ['more than 10000 prompts', server(result({ prompts: Array.from({ length: 10_001 }, () => 0) }))],
    [
      'more than 8388608 characters',
      server((index) => result({ prompts: ['x'.repeat(5_000_000)], nextCursor: String(index) })),
    ],
  ])('fail as a whole with "%s"', async (message, one) => {
    await expect(listPages(one, question)).rejects.toThrow(message);
  });
});
