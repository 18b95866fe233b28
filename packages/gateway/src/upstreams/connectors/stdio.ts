import type { Connect } from '../connection.js';
import { StdioConnection } from './stdio-connection.js';
import { StdioWatchdog } from './stdio-watchdog.js';

/** The connector for child processes; all children that it starts share one watchdog. */
export function createStdioConnect(): Connect {
  const watchdog = new StdioWatchdog();
  return async (spec, deps, context) => {
    if (spec.kind !== 'stdio') throw new TypeError(`"${spec.id}" is not a stdio upstream`);
    return new StdioConnection(spec, { deps, watchdog }, context);
  };
}
