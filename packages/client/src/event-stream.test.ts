import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf } from './event-stream.js';

describe('an event stream', () => {
  it('gives the same events however the network cuts it', async () => {
    const text =
      'event: message\r\ndata: {"a":1}\r\n\r\n: keep-alive\n\ndata: x\ndata: é𝄞\n\ndata:y\r\rdata: cut off';
    const bytes = new TextEncoder().encode(text);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const stream = streamOf(
          bytes,
          places.toSorted((a, b) => a - b),
        );
        expect(await collected(stream)).toEqual(['{"a":1}', 'x\né𝄞', 'y']);
      }),
    );
  });

  it('is closed when the reader has what it wanted', async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: one\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const event of eventsOf(stream)) {
      expect(event).toBe('one');
      break;
    }
    expect(cancelled).toBe(true);
  });
});

function streamOf(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      let from = 0;
      for (const cut of [...cuts, bytes.length]) {
        controller.enqueue(bytes.slice(from, cut));
        from = cut;
      }
      controller.close();
    },
  });
}

async function collected(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const events: string[] = [];
  for await (const event of eventsOf(stream)) events.push(event);
  return events;
}
