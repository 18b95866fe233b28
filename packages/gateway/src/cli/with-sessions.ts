import { withLocalSessions } from './local-sessions.js';
import type { SessionOptions, SessionsAt } from './sessions-at.js';

/** Opens what the options mean for as long as `use` takes. */
export function withSessions<Result>(
  options: SessionOptions,
  use: (sessions: SessionsAt) => Promise<Result>,
): Promise<Result> {
  return withLocalSessions(options, use);
}
