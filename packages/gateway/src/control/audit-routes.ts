import { Hono } from 'hono';
import { recordTypes } from '../model/record.js';
import type { RecordFilter, RecordTable } from '../store/record-table.js';
import type { ControlVariables } from './control-variables.js';
import { problem } from './problem.js';

const texts = ['call', 'caller', 'tool', 'upstream', 'effect', 'rule'] as const;
const effects: ReadonlySet<string> = new Set(['allow', 'ask', 'deny', 'hide']);
const types: ReadonlySet<string> = new Set(recordTypes);
const known = new Set<string>([...texts, 'type', 'since', 'until', 'after', 'limit', 'order']);
const longestPage = 1000;

type Query = Readonly<Record<string, string>>;

export interface AuditSource {
  readonly records: RecordTable;
  readonly refresh: () => Promise<void>;
}

/** `GET /v1/audit`: records with their kept content, newest first unless `order=asc`, a page at a time. */
export function auditRoutes({ records, refresh }: AuditSource): Hono<ControlVariables> {
  return new Hono<ControlVariables>().get('/', async (context) => {
    const filter = readFilter(context.req.queries());
    if ('fault' in filter)
      return problem(context, { status: 400, code: 'invalid_query', detail: filter.fault });
    await refresh();
    const rows = await records.query(filter);
    const last = rows.at(-1);
    return context.json({
      records: rows.map((row) => ({ id: row.id, ...row.record, content: row.payloads })),
      ...(last !== undefined && rows.length === filter.limit ? { next: String(last.id) } : {}),
    });
  });
}

function readFilter(given: Readonly<Record<string, readonly string[]>>): RecordFilter | { fault: string } {
  const stranger = Object.keys(given).find((name) => !known.has(name));
  if (stranger !== undefined)
    return { fault: `"${stranger}" is no filter; there are ${[...known].join(', ')}.` };
  const odd = Object.entries(given).find(([, values]) => values.length !== 1 || values[0] === '');
  if (odd !== undefined) return { fault: `${odd[0]} must be given once and with a value.` };
  const query = Object.fromEntries(Object.entries(given).map(([name, [value = '']]) => [name, value]));
  const page = readPage(query);
  if ('fault' in page) return page;
  const words = readWords(query);
  if ('fault' in words) return words;
  const times = readTimes(query);
  return 'fault' in times ? times : { ...words, ...times, ...page };
}

function readPage(query: Query): Pick<RecordFilter, 'limit' | 'order' | 'after'> | { fault: string } {
  const limit = Number(query.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > longestPage) {
    return { fault: `limit is "${query.limit}"; it is a whole number from 1 to ${longestPage}.` };
  }
  const order = query.order ?? 'desc';
  if (order !== 'asc' && order !== 'desc') return { fault: `order is "${order}"; it is asc or desc.` };
  if (query.after === undefined) return { limit, order };
  const after = Number(query.after);
  if (!Number.isSafeInteger(after)) {
    return { fault: `after is "${query.after}"; it is the "next" of an earlier answer.` };
  }
  return { limit, order, after };
}

function readWords(query: Query): Partial<RecordFilter> | { fault: string } {
  const { effect, type } = query;
  if (effect !== undefined && !effects.has(effect)) {
    return { fault: `effect is "${effect}"; it is ${[...effects].join(', ')}.` };
  }
  const wrong = type?.split(',').find((one) => !types.has(one));
  if (wrong !== undefined) return { fault: `type is "${wrong}"; it is one of ${[...types].join(', ')}.` };
  const words = texts.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]]));
  return { ...Object.fromEntries(words), ...(type === undefined ? {} : { type: type.split(',') }) };
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
