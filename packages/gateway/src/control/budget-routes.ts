import { budgetPageSchema, budgetQuery, ledgerPageSchema, limitPageSchema } from '#contract';
import type { Clock } from '../lib/clock.js';
import type { Limits } from '../limits/limits.js';
import type { BudgetLimit } from '../model/obligation.js';
import type { LedgerCounter, LedgerTable } from '../store/ledger-table.js';
import { budgetJson, entryJson, limitJson } from './budget-json.js';
import { Problem } from './rest/problem.js';
import { type Route, route } from './rest/route.js';

export interface BudgetSource {
  readonly ledger: Pick<LedgerTable, 'counters' | 'entries'>;
  readonly limits: Pick<Limits, 'counters'>;
  /** The budgets of the configuration in force, by id. */
  readonly budgets: () => ReadonlyMap<string, BudgetLimit>;
  readonly clock: Clock;
  /** Brings what is durable into the tables; resolves soon, whether it could or not. */
  readonly refresh: () => Promise<void>;
}

const readers = ['auditor', 'operator', 'admin'] as const;

/** `/v1/budgets` and `/v1/limits`: what was spent and called, and what is left. */
export function budgetRoutes(source: BudgetSource): Route[] {
  return [budgetsRoute(source), ledgerRoute(source), limitsRoute(source)];
}

function budgetsRoute({ ledger, budgets, clock, refresh }: BudgetSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/budgets',
      id: 'listBudgets',
      resource: 'budgets',
      summary: 'What is used of each budget and what is left, by what it counts apart',
      access: readers,
      query: budgetQuery,
      replies: { 200: budgetPageSchema },
    },
    async ({ principal, query: { limit, cursor } }) => {
      const after = cursor === undefined ? undefined : readCounter(cursor);
      await refresh();
      const found = ledger.counters({ now: clock.now(), tenant: principal.tenant, after, limit });
      const known = budgets();
      const shown = found.map((one) => budgetJson(one, known.get(one.budget)));
      const last = found.length === limit ? found.at(-1) : undefined;
      const next = last === undefined ? {} : { next_cursor: cursorOf(last) };
      return { status: 200, body: { count: shown.length, budgets: shown, ...next } };
    },
  );
}

function ledgerRoute({ ledger, refresh }: BudgetSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/budgets/{id}/ledger',
      id: 'listLedger',
      resource: 'budgets',
      summary: 'What calls took of a budget',
      access: readers,
      query: budgetQuery,
      replies: { 200: ledgerPageSchema },
    },
    async ({ principal, params: { id }, query: { limit, cursor } }) => {
      await refresh();
      const found = ledger.entries({ tenant: principal.tenant, budget: id, before: cursor, limit });
      const last = found.length === limit ? found.at(-1) : undefined;
      const next = last === undefined ? {} : { next_cursor: last.call };
      return { status: 200, body: { count: found.length, entries: found.map(entryJson), ...next } };
    },
  );
}

function limitsRoute({ limits }: BudgetSource): Route {
  return route(
    {
      method: 'get',
      path: '/v1/limits',
      id: 'listLimits',
      resource: 'limits',
      summary: 'How the limits on calls stand in this gateway, by what they count apart',
      access: readers,
      query: budgetQuery,
      replies: { 200: limitPageSchema },
    },
    ({ principal, query: { limit, cursor = '0' } }) => {
      const from = Number(cursor);
      if (!Number.isSafeInteger(from) || from < 0) throw strangeCursor(cursor);
      const own = [...limits.counters()].filter(({ tenant }) => tenant === principal.tenant);
      const shown = own.slice(from, from + limit).map(({ view }) => limitJson(view));
      const next = own.length > from + limit ? { next_cursor: String(from + limit) } : {};
      return { status: 200, body: { count: shown.length, limits: shown, ...next } };
    },
  );
}

type Place = Pick<LedgerCounter, 'budget' | 'unit' | 'scope' | 'until'>;

function cursorOf({ budget, unit, scope, until }: Place): string {
  return Buffer.from(JSON.stringify([budget, unit, scope, until])).toString('base64url');
}

function readCounter(cursor: string): Place {
  try {
    const [budget, unit, scope, until] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const texts = { budget, unit, scope };
    if (Object.values(texts).some((text) => typeof text !== 'string')) throw strangeCursor(cursor);
    if (until !== null && typeof until !== 'number') throw strangeCursor(cursor);
    return { ...(texts as Omit<Place, 'until'>), ...(until === null ? {} : { until }) };
  } catch {
    throw strangeCursor(cursor);
  }
}

function strangeCursor(cursor: string): Problem {
  return new Problem(
    'invalid_query',
    `cursor: found ${JSON.stringify(cursor)}; it is the next_cursor of an earlier answer`,
  );
}
