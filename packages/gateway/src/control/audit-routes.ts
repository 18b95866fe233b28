import { Hono } from 'hono';
import type { RecordFilter, RecordTable } from '../store/record-table.js';
import type { ControlVariables } from './control-variables.js';
import { problem } from './problem.js';

const texts = ['call', 'caller', 'tool', 'upstream', 'effect', 'rule'] as const;
const known = new Set<string>([...texts, 'type', 'since', 'until', 'after', 'limit', 'order']);
const longestPage = 1000;

type Query = Readonly<Record<string, string>>;

/** `GET /v1/audit`: records with their kept content, newest first unless `order=asc`, a page at a time. */
export function auditRoutes(records: RecordTable): Hono<ControlVariables> {
  return new Hono<ControlVariables>().get('/', async (context) => {
    const filter = readFilter(context.req.query());
    if ('fault' in filter)
      return problem(context, { status: 400, code: 'invalid_query', detail: filter.fault });
    const rows = await records.query(filter);
    const last = rows.at(-1);
    return context.json({
      records: rows.map((row) => ({ id: row.id, ...row.record, content: row.payloads })),
      ...(last !== undefined && rows.length === filter.limit ? { next: String(last.id) } : {}),
    });
  });
}

function readFilter(query: Query): RecordFilter | { fault: string } {
  const stranger = Object.keys(query).find((name) => !known.has(name));
  if (stranger !== undefined)
    return { fault: `"${stranger}" is no filter; there are ${[...known].join(', ')}.` };
  const limit = Number(query.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > longestPage) {
    return { fault: `limit is "${query.limit}"; it is a whole number from 1 to ${longestPage}.` };
  }
  const order = query.order ?? 'desc';
  if (order !== 'asc' && order !== 'desc') return { fault: `order is "${order}"; it is asc or desc.` };
  const times = readTimes(query);
  if ('fault' in times) return times;
  const after = query.after === undefined ? undefined : Number(query.after);
  if (after !== undefined && !Number.isSafeInteger(after)) {
    return { fault: `after is "${query.after}"; it is the "next" of an earlier answer.` };
  }
  const words = Object.fromEntries(
    texts.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])),
  );
  return {
    ...words,
    ...times,
    ...(query.type === undefined ? {} : { type: query.type.split(',') }),
    ...(after === undefined ? {} : { after }),
    limit,
    order,
  };
}

function readTimes(query: Query): { since?: number; until?: number } | { fault: string } {
  const times: { since?: number; until?: number } = {};
  for (const name of ['since', 'until'] as const) {
    const text = query[name];
    if (text === undefined) continue;
    const ms = Date.parse(text);
    if (Number.isNaN(ms))
      return { fault: `${name} is "${text}"; it is a time such as 2026-11-20T08:00:00Z.` };
    times[name] = ms;
  }
  return times;
}
