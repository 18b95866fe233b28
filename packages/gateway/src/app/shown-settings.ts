import type { Config } from '#contract';
import type { EffectiveConfig } from './config/effective-config.js';
import { maskConfig } from './config/mask-config.js';

/** The configuration without what is only known about it, fit for a ticket: no secret in it. */
export function shownSettings(config: EffectiveConfig): Config {
  const {
    file: _f,
    baseDir: _b,
    environment: _e,
    origins: _o,
    ruleOrigins: _r,
    warnings: _w,
    hasGuessedIds: _h,
    fromApi: _a,
    ...settings
  } = config;
  return maskConfig(settings);
}
