import { inertJson } from '../../lib/inert-text.js';
import { type BudgetOptions, limitsAt } from '../budgets-at.js';
import { localTime } from '../format-record.js';
import { printTable } from '../print-table.js';
import { print } from '../terminal.js';
import { visibleText } from '../visible-text.js';

/** `limits list`. */
export async function listLimits(options: BudgetOptions): Promise<number> {
  const limits = await limitsAt(options);
  if (options.json === true) print(inertJson({ limits }));
  else {
    const rows = limits.map(({ limit, kind, scope, counted, max, opens_at: at }) =>
      [limit, kind, scope, `${counted} of ${max}`, at === undefined ? 'open' : localTime(Date.parse(at))].map(
        visibleText,
      ),
    );
    printTable(['LIMIT', 'KIND', 'COUNTS', 'CALLS', 'NEXT'], rows, 'Nothing is counted at the moment.');
  }
  return 0;
}
