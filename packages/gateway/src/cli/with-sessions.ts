import { gatewaySessions } from './gateway-sessions.js';
import { withLocalSessions } from './local-sessions.js';
import type { SessionOptions, SessionsAt } from './sessions-at.js';

/** Opens what the options mean for as long as `use` takes. */
export async function withSessions<Result>(
  options: SessionOptions,
  use: (sessions: SessionsAt) => Promise<Result>,
): Promise<Result> {
  if (options.gateway !== undefined) return use(await gatewaySessions(options.gateway, options));
  return withLocalSessions(options, use);
}
