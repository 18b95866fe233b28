import { describe, expect, it } from 'vitest';
import { checkToolsets } from './check-toolsets.js';

const upstreams = { files: { command: 'x' }, mail: { command: 'y' } };
const messages = (toolset: unknown) =>
  checkToolsets({ upstreams, toolsets: { dev: toolset } }).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('a toolset', () => {
  it('of configured upstreams and globs is taken', () => {
    expect(
      messages({ upstreams: ['files'], tools: ['read_*', 'mail:{send,list}'], resources: ['file:///*'] }),
    ).toEqual([]);
  });

  it('of an upstream that is not configured is refused, with the one that was meant', () => {
    expect(messages({ upstreams: ['mail', 'file', 'zzzzzz'] })).toEqual([
      'toolsets.dev.upstreams.1: found "file"; expected the id of an upstream; did you mean "files"?',
      'toolsets.dev.upstreams.2: found "zzzzzz"; expected the id of an upstream',
    ]);
  });

  it('with globs that are none is refused, at their places', () => {
    expect(messages({ tools: ['ok', '[a]'], prompts: ['{a'] })).toEqual([
      expect.stringMatching(/^toolsets\.dev\.tools\.1: found "\[a\]", which contains "\["/),
      expect.stringMatching(/^toolsets\.dev\.prompts\.0: found "\{a", which has braces/),
    ]);
  });

  it('of nothing is refused', () => {
    expect(messages({})).toEqual([expect.stringContaining('toolset of nothing')]);
  });

  it('of another shape is left to the check of shapes', () => {
    for (const toolset of [
      null,
      7,
      'x',
      [1],
      { tools: 'x', upstreams: { a: 1 } },
      { tools: [1, null, ''] },
    ]) {
      expect(() => messages(toolset)).not.toThrow();
    }
    expect(messages({ tools: [1, null, ''] })).toEqual([]);
  });
});
