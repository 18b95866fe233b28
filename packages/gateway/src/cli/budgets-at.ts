import { budgetsOf } from '../app/config/budgets.js';
import { budgetJson, entryJson, type limitJson } from '../control/budget-json.js';
import { systemClock } from '../lib/clock.js';
import { askGateway } from './ask-gateway.js';
import { CliError } from './cli-error.js';
import type { CommonOptions, JsonOption } from './common-options.js';
import { existingStore } from './local-store.js';
import { readGatewayKey } from './read-gateway-key.js';
import { readStore } from './read-store.js';

export interface BudgetOptions extends CommonOptions, JsonOption {
  readonly gateway?: string;
  readonly keyFile?: string;
  readonly limit: string;
}

export type ShownBudget = ReturnType<typeof budgetJson> & { readonly max?: string; readonly left?: string };
export type ShownEntry = ReturnType<typeof entryJson>;
export type ShownLimit = ReturnType<typeof limitJson>;

const tenant = 'default';
const mostListed = 1000;

/** The counters of budgets, from the store of this machine or from a gateway. */
export async function budgetsAt(options: BudgetOptions): Promise<readonly ShownBudget[]> {
  const limit = limitIn(options);
  if (options.gateway !== undefined) return asked<ShownBudget>(options, '/v1/budgets', 'budgets');
  const config = await existingStore(options);
  const known = budgetsOf(config);
  return readStore(config, async ({ ledger }) =>
    ledger
      .counters({ now: systemClock.now(), tenant, limit })
      .map((one) => budgetJson(one, known.get(one.budget))),
  );
}

/** What calls took of a budget. */
export async function ledgerAt(options: BudgetOptions, budget: string): Promise<readonly ShownEntry[]> {
  const limit = limitIn(options);
  const path = `/v1/budgets/${encodeURIComponent(budget)}/ledger`;
  if (options.gateway !== undefined) return asked<ShownEntry>(options, path, 'entries');
  return readStore(await existingStore(options), async ({ ledger }) =>
    ledger.entries({ tenant, budget, limit }).map(entryJson),
  );
}

/** The counters of calls, which a gateway has in its memory alone. */
export async function limitsAt(options: BudgetOptions): Promise<readonly ShownLimit[]> {
  limitIn(options);
  if (options.gateway === undefined)
    throw new CliError('limits list: the counters are in the memory of a gateway; name it with --gateway', 2);
  return asked<ShownLimit>(options, '/v1/limits', 'limits');
}

async function asked<Item>(
  { gateway = '', keyFile, limit }: BudgetOptions,
  path: string,
  name: string,
): Promise<readonly Item[]> {
  const base = gateway.replace(/\/+$/, '');
  const key = await readGatewayKey(keyFile, 'an auditor or operator');
  const answer = (await askGateway({ base, path: `${path}?limit=${limit}`, key })) as Record<string, unknown>;
  const found = answer[name];
  if (Array.isArray(found)) return found as Item[];
  throw new CliError(`${base}: found no ${name} in the answer of the gateway`);
}

function limitIn({ limit }: BudgetOptions): number {
  const count = Number(limit);
  if (Number.isInteger(count) && count >= 1 && count <= mostListed) return count;
  throw new CliError(`--limit: found ${JSON.stringify(limit)}; expected 1 to ${mostListed}`, 2);
}
