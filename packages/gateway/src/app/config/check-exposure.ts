import { ConfigError, type ConfigProblem } from './config-error.js';
import type { EffectiveConfig } from './effective-config.js';
import { isLoopback } from './is-loopback.js';

/** Nobody listens beyond this machine before there is a credential; throws ConfigError where that would happen. */
export function checkExposure(config: EffectiveConfig, hasCallers: boolean): void {
  if (hasCallers) return;
  const problems = (['listen', 'control'] as const).flatMap((name): ConfigProblem[] => {
    const host = config[name]?.host;
    if (host === undefined || isLoopback(host)) return [];
    const found = JSON.stringify(host);
    const expected = 'a key or a token before the gateway listens beyond this machine';
    const remedy = 'make one with "sallyport keys create --principal NAME", or listen on 127.0.0.1';
    const message = `found ${found} and nobody who may call; expected ${expected}; ${remedy}`;
    return [{ path: `${name}.host`, found, expected, message }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

/** A configuration that asks for no authentication must not meet a listener that others can reach. */
export function refuseOpenDoors({ auth, listen, control }: EffectiveConfig): void {
  const open = [listen, ...(control === undefined ? [] : [control])].find(({ host }) => !isLoopback(host));
  if (auth.mode !== 'none' || open === undefined) return;
  const message = `found "none" while the gateway listens on ${open.host}; expected "keys" until it is started on a loopback address`;
  throw new ConfigError([{ path: 'auth.mode', message, found: 'none', expected: 'keys' }]);
}
