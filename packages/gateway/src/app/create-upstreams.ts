import type { Broker } from '../credentials/broker.js';
import type { Clock } from '../lib/clock.js';
import { randomFraction } from '../lib/ids.js';
import type { Log } from '../model/log.js';
import type { UpstreamNews } from '../model/upstream-news.js';
import type { DefinitionJudge } from '../upstreams/pins/definition-judge.js';
import type { UpstreamEvent } from '../upstreams/upstream-event.js';
import { Upstreams, type UpstreamsDeps } from '../upstreams/upstreams.js';
import { baseEnvironment } from './base-environment.js';
import { builtInConnectors } from './builtins.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { version } from './version.js';

export interface UpstreamsParts {
  readonly config: EffectiveConfig;
  /** The one in force when a secret is needed. */
  readonly broker: () => Broker;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onEvent: (event: UpstreamEvent) => void;
  readonly onNews?: (news: UpstreamNews) => void;
  /** Says which definitions may be used; without it, for commands that call nothing, all of them. */
  readonly judge?: DefinitionJudge;
  /** Tools that the gateway answers itself. */
  readonly own?: UpstreamsDeps['own'];
}

/** The upstreams of a configuration over the built-in connectors; none is started yet. */
export function createUpstreams({ config, broker, ...parts }: UpstreamsParts): Upstreams {
  return new Upstreams({
    ...parts,
    resolve: (values, destination) => broker().resolveAll(values, destination),
    prefix: config.names.prefix,
    version,
    baseEnvironment: baseEnvironment(),
    jitter: randomFraction,
    connectors: builtInConnectors(),
  });
}
