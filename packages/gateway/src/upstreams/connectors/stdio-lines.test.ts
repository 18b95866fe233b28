import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from './stdio-lines.js';

describe('lines of a child', () => {
  it('come out whole however the stream is cut', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '')));
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 7 }), (sent, step) => {
        const heard: string[] = [];
        const reader = new LineReader(
          1000,
          (line) => heard.push(line.toString('utf8')),
          () => undefined,
        );
        const bytes = Buffer.from(sent.map((line) => `${line}\n`).join(''));
        for (let at = 0; at < bytes.length; at += step) reader.feed(bytes.subarray(at, at + step));
        expect(heard).toEqual(sent);
      }),
    );
  });

  it('are skipped when they are too long, and the next one is heard', () => {
    const heard: string[] = [];
    let skipped = 0;
    const reader = new LineReader(
      4,
      (line) => heard.push(line.toString()),
      (bytes) => {
        skipped += bytes;
      },
    );
    for (const part of ['abc', 'def', 'ghi\nok', '\n']) reader.feed(Buffer.from(part));
    expect(heard).toEqual(['ok']);
    expect(skipped).toBe(9);
  });
});
