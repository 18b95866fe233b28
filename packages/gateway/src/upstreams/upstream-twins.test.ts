import { describe, expect, it } from 'vitest';
import { UpstreamTwins } from './upstream-twins.js';

const chosen = (upstream: string, name?: string, title?: string) => ({ upstream, name, title });

describe('twins of another upstream', () => {
  it('are told by whom they look like, and are none within one upstream', () => {
    const twins = new UpstreamTwins();
    expect(
      twins.find([chosen('a', 'read_file'), chosen('b', 'READ-FI1E'), chosen('a', 'read.file')]),
    ).toEqual([undefined, '"read_file" of "a"', undefined]);
  });

  it('do not become the first when the first is away for a while', () => {
    const twins = new UpstreamTwins();
    twins.find([chosen('a', 'read_file')]);
    expect(twins.find([chosen('b', 'read-file')])).toEqual([undefined]);
    expect(twins.find([chosen('b', 'read-file'), chosen('a', 'read_file')])).toEqual([
      '"read_file" of "a"',
      undefined,
    ]);
  });

  it('by title need other letters: the same title, other case and accents are none', () => {
    const twins = new UpstreamTwins();
    const titles = ['Read', 'read', 'Rеаd', 'Réad'].map((title, index) =>
      chosen(`u${index}`, undefined, title),
    );
    expect(twins.find(titles)).toEqual([undefined, undefined, '"Read" of "u0"', undefined]);
  });

  it('are guests beside hosts, whoever came first', () => {
    const twins = new UpstreamTwins();
    twins.find([{ ...chosen('a', 'read_file'), guest: true }]);
    expect(twins.find([{ ...chosen('a', 'read_file'), guest: true }, chosen('b', 'read-file')])).toEqual([
      '"read-file" of "b"',
      undefined,
    ]);
  });

  it('are found among the present when an upstream has invented more names than are remembered', () => {
    const twins = new UpstreamTwins();
    for (let round = 0; round < 6; round++) {
      twins.find(Array.from({ length: 10_000 }, (_, at) => chosen('a', `x${round}y${at}z`)));
    }
    expect(twins.find([chosen('b', 'x_0'), chosen('a', 'x-O')])).toEqual([undefined, '"x_0" of "b"']);
  });
});
