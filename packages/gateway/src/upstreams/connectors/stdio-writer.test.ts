import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { LineWriter } from './stdio-writer.js';

/** A pipe that is full as soon as it has taken anything. */
function full(): { stream: Writable; chunks: string[] } {
  const chunks: string[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer) => {
      chunks.push(chunk.toString());
    },
  });
  return { stream, chunks };
}

it('knows which lines can no longer reach a child that closed its input, takes none after, and says so once', async () => {
  const { stream, chunks } = full();
  let broken = 0;
  const writer = new LineWriter(stream, () => broken++);
  expect([writer.write('one'), writer.taken]).toEqual([true, 1]);
  await new Promise(setImmediate);
  expect([writer.write('two'), writer.taken]).toEqual([true, 2]);
  expect(writer.hasLost(2)).toBe(false);
  stream.destroy(new Error('EPIPE'));
  await new Promise(setImmediate);
  expect([writer.hasLost(1), writer.hasLost(2)]).toEqual([false, true]);
  expect(writer.write('three')).toBe(false);
  expect(chunks).toEqual(['one\n']);
  expect(broken).toBe(1);
});

it('says nothing of a pipe that was closed on purpose', async () => {
  const { stream } = full();
  let broken = 0;
  const writer = new LineWriter(stream, () => broken++);
  writer.end();
  stream.destroy();
  await new Promise(setImmediate);
  expect(broken).toBe(0);
});

it('is behind as long as the child leaves much unread', async () => {
  const { stream } = full();
  const writer = new LineWriter(stream, () => undefined);
  const line = 'x'.repeat(1024 * 1024);
  writer.write(line);
  await new Promise(setImmediate);
  const behind = Array.from({ length: 5 }, () => {
    writer.write(line);
    return writer.behind;
  });
  expect(behind).toEqual([false, false, false, true, true]);
});
