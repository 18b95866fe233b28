import { describe, expect, it } from 'vitest';
import { chunked, ok, read, readable, unreadable } from '../../../../../test/fixtures/upstreams/responses.js';
import { MalformedResponse } from './http-response-head.js';
import { ResponseReader } from './http-response-reader.js';

describe('the reader of responses', () => {
  for (const [name, text, { status, body, end = 'whole', closes = false }] of readable) {
    it(`reads ${name}, in one piece and byte by byte`, () => {
      const one = read([text], true);
      expect(one).toMatchObject({ status, body, end, head: { closes } });
      const bytes = read(text.split(''), true);
      expect(bytes).toMatchObject({ status, body, head: { closes } });
    });
  }

  for (const [name, text] of unreadable) {
    it(`refuses ${name}, in one piece and byte by byte`, () => {
      const reason = read([text]);
      expect(reason.end).toBe('fault');
      expect(read(text.split(''))).toEqual(reason);
    });
  }

  it('takes no beginning for a whole response', () => {
    for (const text of [`${ok}content-length: 9\r\n\r\nabc\r\n`, `${chunked}3\r\nabc\r\n0\r\nx: y\r\n\r\n`]) {
      for (let length = 0; length < text.length; length++) {
        expect(read([text.slice(0, length)]).end).toBe('open');
        expect(read([text.slice(0, length)], true).end).toBe('truncated');
      }
    }
  });

  it('refuses bytes when no response is expected', () => {
    const sink = { onHead: () => undefined, onBody: () => undefined, onEnd: () => undefined };
    expect(() => new ResponseReader(sink).feed(Buffer.from('H'))).toThrow(MalformedResponse);
  });

  it('hands on nothing more when it is stopped in the middle', () => {
    const heard: string[] = [];
    const reader: ResponseReader = new ResponseReader({
      onHead: () => undefined,
      onBody: (piece) => {
        heard.push(String(piece));
        reader.stop();
      },
      onEnd: () => heard.push('end'),
    });
    reader.expect();
    reader.feed(Buffer.from(`${chunked}1\r\na\r\n1\r\nb\r\n0\r\n\r\n`));
    expect(heard).toEqual(['a']);
  });

  it('reads responses one after another, with the same head and with another', () => {
    const heard: string[] = [];
    const reader = new ResponseReader({
      onHead: ({ status }) => heard.push(String(status)),
      onBody: (piece) => heard.push(String(piece)),
      onEnd: () => undefined,
    });
    for (const [status, body] of ['200 a', '200 b', '404 ccc', '200 d'].map((text) => text.split(' '))) {
      reader.expect();
      reader.feed(Buffer.from(`HTTP/1.1 ${status}\r\ncontent-length: ${body?.length}\r\n\r\n${body}`));
    }
    expect(heard).toEqual(['200', 'a', '200', 'b', '404', 'ccc', '200', 'd']);
  });
});
