import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader } from './line-reader.js';

function read(
  chunks: readonly Buffer[],
  limit: number,
): { lines: string[]; tooLong: number; dropped: number } {
  const seen = { lines: [] as string[], tooLong: 0, dropped: 0 };
  const reader = new LineReader(limit, {
    line: (bytes) => seen.lines.push(bytes.toString('latin1')),
    tooLong: () => {
      seen.tooLong++;
    },
    dropped: (bytes) => {
      seen.dropped += bytes;
    },
  });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return seen;
}

test('finds the same lines however the bytes are cut', () => {
  const cuts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n', ' '), maxLength: 9 }));
  fc.assert(
    fc.property(cuts, fc.integer({ min: 1, max: 12 }), (parts, limit) => {
      const lines = parts.join('').split('\n');
      expect(
        read(
          parts.map((part) => Buffer.from(part)),
          limit,
        ),
      ).toEqual({
        lines: lines.filter((line) => line.length <= limit && line.trim() !== ''),
        tooLong: lines.filter((line) => line.length > limit).length,
        dropped: lines.filter((line) => line.length > limit).join('').length,
      });
    }),
  );
});
