import { inertJson } from '../../lib/inert-text.js';
import { type BudgetOptions, budgetsAt, ledgerAt } from '../budgets-at.js';
import { localTime } from '../format-record.js';
import { printTable } from '../print-table.js';
import { print } from '../terminal.js';
import { visibleText } from '../visible-text.js';

/** `budgets list`. */
export async function listBudgets(options: BudgetOptions): Promise<number> {
  const budgets = await budgetsAt(options);
  if (options.json === true) print(inertJson({ budgets }));
  else {
    const rows = budgets.map(({ budget, scope, used, max, left, unit, calls, resets_at: at }) =>
      [budget, scope, used, left ?? '-', max ?? '-', unit, String(calls), timeCell(at)].map(visibleText),
    );
    printTable(
      ['BUDGET', 'COUNTS', 'USED', 'LEFT', 'OF', 'UNIT', 'CALLS', 'BEGINS ANEW'],
      rows,
      'Nothing was charged to any budget that counts now.',
    );
  }
  return 0;
}

/** `budgets show ID`: the ledger, the latest call first. */
export async function showBudget(options: BudgetOptions, [id = '']: readonly string[]): Promise<number> {
  const entries = await ledgerAt(options, id);
  if (options.json === true) print(inertJson({ entries }));
  else {
    const rows = entries.map(({ call, scope, reserved = '-', spent = '-', unit, resets_at: at }) =>
      [call, scope, reserved, spent, unit, timeCell(at)].map(visibleText),
    );
    printTable(
      ['CALL', 'COUNTS', 'RESERVED', 'SPENT', 'UNIT', 'UNTIL'],
      rows,
      'No call took anything of it.',
    );
  }
  return 0;
}

function timeCell(time: string | undefined): string {
  return time === undefined ? 'never' : localTime(Date.parse(time)).slice(0, 16);
}
