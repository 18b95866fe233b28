import { pageQuery, undeliveredSchema } from '#contract';
import { isoTime } from '../lib/clock.js';
import type { FailedNotice } from '../store/notice-table.js';
import { type Route, route } from './rest/route.js';

export interface UndeliveredSource {
  /** What channels could not be told, the latest first. */
  readonly undelivered: (tenant: string, limit: number) => readonly FailedNotice[];
}

/** Stands before the routes of one hold, whose id could be that word. */
export function undeliveredRoute({ undelivered }: UndeliveredSource): Route {
  return route(
    {
      resource: 'approvals',
      method: 'get',
      path: '/v1/approvals/undelivered',
      id: 'listUndelivered',
      summary: 'What channels could not be told, the latest first',
      access: ['auditor', 'operator', 'admin'],
      query: { limit: pageQuery.limit },
      replies: { 200: undeliveredSchema },
    },
    ({ principal: { tenant }, query: { limit } }) => {
      const shown = undelivered(tenant, limit).map(undeliveredJson);
      return { status: 200, body: { count: shown.length, undelivered: shown } };
    },
  );
}

/** A notice that was given up, as it is shown. */
export function undeliveredJson({ channel, hold, attempts, failedAt, fault }: FailedNotice) {
  return { channel, hold, attempts, at: isoTime(failedAt), fault };
}
