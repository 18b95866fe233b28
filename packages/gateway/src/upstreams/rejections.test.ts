import { describe, expect, it } from 'vitest';
import { Rejections } from './rejections.js';
import type { UpstreamEvent } from './upstream-event.js';

function telling() {
  const events: UpstreamEvent[] = [];
  const rejections = new Rejections((event) => events.push(event));
  const tell = (...tools: string[]) => {
    rejections.tell(
      'a',
      'tools',
      tools.map((name) => ({ what: 'tool', name, reason: 'bad' })),
    );
    return events.splice(0);
  };
  return { rejections, tell };
}

describe('rejections', () => {
  it('are told once for as long as they last, and again when they come back', () => {
    const { tell } = telling();
    expect(tell('x')).toEqual([
      { kind: 'tool_rejected', upstream: 'a', what: 'tool', name: 'x', reason: 'bad' },
    ]);
    expect(tell('x')).toEqual([]);
    expect(tell('x', 'y')).toHaveLength(1);
    expect(tell()).toEqual([]);
    expect(tell('x')).toHaveLength(1);
  });

  it('are told one by one up to 20 at a time, and the rest as a number', () => {
    const { tell } = telling();
    const tools = Array.from({ length: 10_000 }, (_, index) => `tool-${index}`);
    const events = tell(...tools);
    expect(events).toHaveLength(21);
    expect(events[20]).toMatchObject({ what: 'tool', name: '(9980 more)' });
    expect(tell(...tools)).toEqual([]);
  });

  it('of one upstream, or of one of its lists, do not silence those of another', () => {
    const events: UpstreamEvent[] = [];
    const rejections = new Rejections((event) => events.push(event));
    const bad = [{ what: 'prompt', name: 'x', reason: 'bad' }] as const;
    for (const upstream of ['a', 'b']) {
      for (const list of ['prompts', 'catalogue']) rejections.tell(upstream, list, bad);
    }
    expect(events).toHaveLength(4);
  });
});
