import type { UpstreamStatus } from '../model/upstream.js';

/** What is known of a server by now: it came up, why it did not, or nothing yet. */
export type ServerFate = 'up' | { readonly failure: string } | undefined;

export type ServerWatch = (upstreams: readonly UpstreamStatus[]) => ServerFate;

/** Watches for the first thing that happens to an upstream; what comes later is for the gateway to deal with. */
export function createServerWatch(id: string): ServerWatch {
  let fate: ServerFate;
  return (upstreams) => {
    const server = upstreams.find((upstream) => upstream.id === id);
    if (server?.state === 'up') fate ??= 'up';
    if (server?.state === 'down') {
      const reason = server.reason ?? 'it is down';
      fate ??= { failure: `${id}: the server did not start: ${reason}; try it without sallyport` };
    }
    return fate;
  };
}
