import type { z } from 'zod';
import { recordPageSchema, recordQuery } from '#contract';
import { recordTypes } from '../model/record.js';
import type { RecordFilter, RecordTable } from '../store/record-table.js';
import { readCursor } from './audit-cursor.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface AuditSource {
  readonly records: RecordTable;
  /** Brings what is durable into the tables; resolves soon, whether it could or not. */
  readonly refresh: () => Promise<void>;
}

type Query = z.output<z.ZodObject<typeof recordQuery>>;

const types: ReadonlySet<string> = new Set(recordTypes);

/** `/v1/audit`: what happened, newest first unless `order=asc`. */
export function auditRoutes({ records, refresh }: AuditSource): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/v1/audit/records',
        id: 'listAuditRecords',
        resource: 'audit',
        summary: 'The records of the trail with what was kept of the content of calls',
        access: ['auditor', 'operator', 'admin'],
        query: recordQuery,
        replies: { 200: recordPageSchema },
      },
      async ({ principal: { tenant }, query }) => {
        const filter = { ...filterOf(query), tenant };
        await refresh();
        const rows = await records.query(filter);
        const last = rows.at(-1);
        const shown = rows.map(({ id, record, payloads }) => ({ ...record, id, content: payloads }));
        const next =
          last !== undefined && rows.length === filter.limit ? { next_cursor: String(last.id) } : {};
        return { status: 200, body: { count: rows.length, records: shown, ...next } };
      },
    ),
  ];
}

function filterOf({ cursor, type, since, until, ...words }: Query): RecordFilter {
  return {
    ...Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)),
    limit: words.limit,
    order: words.order,
    ...(cursor === undefined ? {} : { after: readCursor(cursor) }),
    ...(type === undefined ? {} : { type: readTypes(type) }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
  };
}

function readTypes(text: string): string[] {
  const wanted = text.split(',');
  const wrong = wanted.find((one) => !types.has(one));
  if (wrong === undefined) return wanted;
  throw new Problem(
    'invalid_query',
    `type: found ${JSON.stringify(wrong)}; it is one of ${[...types].join(', ')}`,
  );
}
