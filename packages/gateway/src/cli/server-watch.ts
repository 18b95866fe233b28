import { systemClock } from '../lib/clock.js';
import type { RecordTable } from '../store/record-table.js';

/** What the trail says of a server by now: it came up, why it did not, or nothing yet. */
export type ServerFate = 'up' | { readonly failure: string } | undefined;

export type ServerWatch = (records: RecordTable) => Promise<ServerFate>;

/** Watches for the first thing that this process records of an upstream; later ones are for the gateway to deal with. */
export function createServerWatch(upstream: string, pid = process.pid): ServerWatch {
  const since = systemClock.now();
  return async (records) => {
    const filter = {
      upstream,
      since,
      type: ['upstream.up', 'upstream.down'],
      limit: 100,
      order: 'asc',
    } as const;
    const rows = await records.query(filter);
    // Other processes may write to the same trail, and have an upstream of the same name.
    const first = rows.find(({ record }) => record.writer.endsWith(`/${pid}`))?.record;
    if (first?.type !== 'upstream.down') return first === undefined ? undefined : 'up';
    const reason = typeof first.reason === 'string' ? first.reason : 'it is down';
    return { failure: `${upstream}: the server did not start: ${reason}; try it without sallyport` };
  };
}
