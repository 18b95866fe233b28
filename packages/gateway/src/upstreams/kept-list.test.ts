import { expect, it } from 'vitest';
import { serverFacts, silentLog, stdioSpec } from '../../../../test/fixtures/upstreams/deps.js';
import { text } from '../../../../test/fixtures/upstreams/fake-servers.js';
import { ManualClock } from '../../../../test/fixtures/upstreams/manual-clock.js';
import { KeptList } from './kept-list.js';
import { Rejections } from './rejections.js';

/** Time also passes with work. */
class BusyClock extends ManualClock {
  workedMs = 0;

  override now(): number {
    return super.now() + this.workedMs;
  }
}

it('leaves a server alone for twenty times as long as a change of its list kept the whole gateway busy', async () => {
  const clock = new BusyClock();
  let asked = 0;
  const request = async () => {
    const tools = [{ name: `tool-${++asked}`, inputSchema: { type: 'object' } }];
    return { kind: 'result', result: text({ tools }) } as const;
  };
  const list = new KeptList('tools', {
    clock,
    log: silentLog,
    rejections: new Rejections(() => undefined),
    onChange: () => {
      clock.workedMs += 500;
    },
    spec: () => stdioSpec('legacy'),
    redact: (one) => one,
  });
  list.follow({ connection: { request }, facts: serverFacts() }, { items: [], rejected: [] });
  for (let second = 0; second < 21; second++) {
    list.refresh();
    await clock.advance(1000);
  }
  expect(asked).toBe(3);
});
