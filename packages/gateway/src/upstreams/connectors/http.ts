import type { Connect } from '../connection.js';

/** The connector for Streamable HTTP. */
export function createHttpConnect(): Connect {
  return async (spec, deps, context) => {
    if (spec.kind !== 'http') throw new TypeError(`"${spec.id}" is not an HTTP upstream`);
    // The HTTP client takes long to load, and a gateway with stdio upstreams alone never needs it.
    const { HttpConnection } = await import('./http-connection.js');
    return new HttpConnection(spec, deps, context);
  };
}
