import { builtInSources } from '../app/builtins.js';
import type { EffectiveConfig } from '../app/config/effective-config.js';
import { createUpstreams } from '../app/create-upstreams.js';
import { upstreamSpecsOf } from '../app/upstream-specs.js';
import { Broker } from '../credentials/broker.js';
import { Redactor } from '../inspection/redactor.js';
import { systemClock } from '../lib/clock.js';
import type { Upstreams } from '../upstreams/upstreams.js';
import { createLog } from './create-log.js';
import { say } from './terminal.js';
import { visibleText } from './visible-text.js';

/** Reaches the configured servers for as long as `use` takes, to learn what tools they offer; calls none. */
export async function withUpstreams<Result>(
  config: EffectiveConfig,
  use: (upstreams: Upstreams) => Promise<Result> | Result,
): Promise<Result> {
  const broker = new Broker({ sources: builtInSources(config), clock: systemClock });
  const redactor = new Redactor();
  broker.onValue((secret) => redactor.learn(secret));
  const upstreams = createUpstreams({
    config,
    broker: () => broker,
    redact: (text) => redactor.redact(text),
    clock: systemClock,
    log: createLog('silent'),
    onEvent: () => {},
  });
  try {
    await upstreams.apply(upstreamSpecsOf(config));
    await upstreams.settled();
    for (const { id, state, reason } of upstreams.status()) {
      if (state !== 'up')
        say(`warning: upstream ${id} is ${state}: ${visibleText(reason ?? 'no reason given')}`);
    }
    return await use(upstreams);
  } finally {
    await upstreams.close();
  }
}
