import { systemClock } from '../../lib/clock.js';
import type { RecordFilter, RecordRow, RecordTable } from '../../store/record-table.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { recordCells, recordHeadings, recordJson } from '../format-record.js';
import { parseCount } from '../parse-count.js';
import { printTable } from '../print-table.js';
import { withStoreToRead } from '../read-store.js';
import { type FilterOptions, recordFilter } from '../record-filter.js';
import { printJsonLine } from '../terminal.js';

interface QueryOptions extends CommonOptions, JsonOption, FilterOptions {
  readonly limit: string;
}

const pageSize = 1000;

/** `audit query`: the newest records that fit, in the order in which they were written. */
export async function query(options: QueryOptions): Promise<number> {
  const limit = parseCount('--limit', options.limit, [1, 1_000_000]);
  const filter = recordFilter(options, systemClock.now());
  const rows = await withStoreToRead(options, ({ records }) => newest(records, filter, limit));
  if (options.json === true) for (const row of rows) printJsonLine(recordJson(row));
  else printTable(recordHeadings, rows.map(recordCells), 'No record fits.');
  return 0;
}

async function newest(
  records: RecordTable,
  filter: Omit<RecordFilter, 'limit' | 'order'>,
  limit: number,
): Promise<RecordRow[]> {
  const rows: RecordRow[] = [];
  while (rows.length < limit) {
    const last = rows.at(-1);
    const after = last === undefined ? {} : { after: last.id };
    const asked = Math.min(pageSize, limit - rows.length);
    const page = await records.query({ ...filter, ...after, limit: asked, order: 'desc' });
    rows.push(...page);
    if (page.length < asked) break;
  }
  return rows.reverse();
}
