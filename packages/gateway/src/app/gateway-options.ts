import type { Clock } from '../lib/clock.js';
import type { Log } from '../model/log.js';
import type { EffectiveConfig } from './config/effective-config.js';

export interface GatewayOptions {
  readonly config: EffectiveConfig;
  readonly log: Log;
  readonly clock: Clock;
  /** `serve` listens over HTTP; `stdio` serves the one client that started the process. */
  readonly mode: 'serve' | 'stdio';
  /**
   * Whether people are asked at the terminal of this process: where the configuration lists that (the default), also where
   * it lists no channels at all, or never.
   */
  readonly prompt?: 'configured' | 'auto' | 'off';
}
