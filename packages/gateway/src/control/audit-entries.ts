import { entryPageSchema, entryQuery, spendQuery, spendSchema } from '#contract';
import { writeObject } from '../lib/json/members.js';
import { formatMicros, microsOf } from '../lib/micros.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { RecordFilter, RecordRow, RecordTable } from '../store/record-table.js';
import type { SpendTable } from '../store/spend-table.js';
import { readCursor } from './audit-cursor.js';
import { type Route, route } from './rest/route.js';

export interface EntrySource {
  readonly records: Pick<RecordTable, 'query'>;
  readonly refresh: () => Promise<void>;
  readonly spend: SpendTable;
  /** The name by which records know a session, of its token or of its name. */
  readonly sessionName: (session: string) => string;
}

const access = ['auditor', 'operator', 'admin'] as const;

/** `/v1/audit` and `/v1/audit/spend`: one entry per call and what calls cost, with the names that Haldir documents. */
export function entryRoutes(source: EntrySource): Route[] {
  return [entriesRoute(source), spendRoute(source)];
}

function entriesRoute({ records, refresh, sessionName }: EntrySource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/audit',
      id: 'listAuditEntries',
      resource: 'audit',
      summary: 'Calls, newest first, denied ones included',
      access,
      query: entryQuery,
      replies: { 200: entryPageSchema },
    },
    async ({ principal: { tenant }, query }) => {
      const filter: RecordFilter = {
        type: ['call.decided'],
        tenant,
        limit: query.limit,
        order: 'desc',
        ...present({
          tool: query.tool,
          upstream: query.upstream,
          agent: query.agent_id,
          session: query.session_id === undefined ? undefined : sessionName(query.session_id),
          effects: query.status === undefined ? undefined : effectsOf[query.status],
          since: query.since === undefined ? undefined : Date.parse(query.since),
          until: query.until === undefined ? undefined : Date.parse(query.until),
          after: query.cursor === undefined ? undefined : readCursor(query.cursor),
        }),
      };
      await refresh();
      const decided = await records.query(filter);
      const calls = decided.map(callOf);
      const ended = await outcomesOf(records, calls);
      const entries = decided.map((row) => entryText(row, ended.get(callOf(row))));
      const last = decided.at(-1);
      const hasMore = last !== undefined && decided.length === query.limit;
      const text = writeObject([
        ['count', String(entries.length)],
        ['entries', `[${entries.join(',')}]`],
        ...(hasMore ? ([['next_cursor', JSON.stringify(String(last.id))]] as const) : []),
      ]);
      return { status: 200, text };
    },
  );
}

const effectsOf = { allowed: ['allow'], denied: ['deny', 'hide'] } as const;

type Present<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

function present<Members extends object>(members: Members): Present<Members> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<Members>;
}

function callOf({ record }: RecordRow): string {
  return textIn(record.call);
}

async function outcomesOf(
  records: Pick<RecordTable, 'query'>,
  calls: readonly string[],
): Promise<Map<string, JsonObject>> {
  if (calls.length === 0) return new Map();
  const rows = await records.query({ type: ['call.outcome'], calls, limit: 1000, order: 'desc' });
  return new Map(rows.map((row) => [callOf(row), row.record]));
}

const statuses: Readonly<Record<string, string>> = {
  allow: 'allowed',
  ask: 'held',
  deny: 'denied',
  hide: 'denied',
};

function entryText({ record, payloads }: RecordRow, outcome: JsonObject | undefined): string {
  const session = objectIn(record.session);
  const tool = objectIn(record.tool);
  const caller = objectIn(record.caller).id ?? null;
  const members: readonly (readonly [string, JsonValue | undefined])[] = [
    ['id', record.call],
    ['timestamp', record.at],
    ['session_id', session.id ?? null],
    ['agent_id', session.agent ?? caller],
    ['principal', caller],
    ['action', objectIn(record.mcp).method ?? ''],
    ['tool', tool.exposed ?? tool.name ?? null],
    ['upstream', tool.upstream ?? null],
    ['status', statuses[textIn(record.effect)] ?? 'denied'],
    ['outcome', outcome?.outcome],
    ['policy', objectIn(record.policy).rule],
    ['code', record.code ?? outcome?.code],
    ['detail', record.detail ?? outcome?.detail],
    ['latency_ms', outcome?.ms ?? null],
  ];
  const told = members.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, JSON.stringify(value)] as const],
  );
  const cost = formatMicros(costOf(outcome ?? record));
  return writeObject([...told, ['arguments', payloads.args ?? 'null'], ['cost_usd', cost]]);
}

/** A call that several budgets count, or that has a price, costs once: the most that one of them says. */
function costOf({ budget, price }: JsonObject): bigint {
  const counted = (Array.isArray(budget) ? budget : []).map(objectIn).filter(({ unit }) => unit === 'USD');
  const texts = [...counted.map(({ spent, reserve }) => spent ?? reserve), price];
  const amounts = texts.map((text) => microsOf(textIn(text)) ?? 0n);
  return amounts.reduce((most, one) => (one > most ? one : most), 0n);
}

function spendRoute({ spend, refresh, sessionName }: EntrySource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/audit/spend',
      id: 'getSpend',
      resource: 'audit',
      summary: 'What calls and payments cost, by tool',
      access,
      query: spendQuery,
      replies: { 200: spendSchema },
    },
    async ({ principal: { tenant }, query: { session_id: session, agent_id: agent, since, until } }) => {
      await refresh();
      const tools = spend.byTool({
        tenant,
        agent,
        session: session === undefined ? undefined : sessionName(session),
        since: since === undefined ? undefined : Date.parse(since),
        until: until === undefined ? undefined : Date.parse(until),
      });
      const text = writeObject([
        ['total_usd', formatMicros(tools.reduce((sum, { micros }) => sum + micros, 0n))],
        ['action_count', String(tools.reduce((sum, { calls }) => sum + calls, 0))],
        ['by_tool', writeObject(tools.map(({ tool, micros }) => [tool, formatMicros(micros)] as const))],
      ]);
      return { status: 200, text };
    },
  );
}

function textIn(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
