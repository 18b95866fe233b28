import type { Connect } from '../connection.js';

/** The connector for HTTP+SSE, the transport of 2024-11-05. */
export function createSseConnect(): Connect {
  return async (spec, deps, context) => {
    if (spec.kind !== 'sse') throw new TypeError(`"${spec.id}" is not an HTTP+SSE upstream`);
    const { SseConnection } = await import('./sse-connection.js');
    return new SseConnection(spec, deps, context);
  };
}
