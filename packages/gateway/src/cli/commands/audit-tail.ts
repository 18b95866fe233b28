import { systemClock } from '../../lib/clock.js';
import type { RecordFilter, RecordRow, RecordTable } from '../../store/record-table.js';
import type { CommonOptions, JsonOption } from '../common-options.js';
import { recordCells, recordJson, recordWidths } from '../format-record.js';
import { parseCount } from '../parse-count.js';
import { withStoreToRead } from '../read-store.js';
import { type FilterOptions, recordFilter } from '../record-filter.js';
import { signalExitCodes, stopSignal } from '../stop-signal.js';
import { print, printJsonLine } from '../terminal.js';

interface TailOptions extends CommonOptions, JsonOption, FilterOptions {
  readonly lines: string;
}

type Filter = Omit<RecordFilter, 'limit' | 'order'>;

const pollMs = 250;
const pageSize = 1000;

/** `audit tail`: the newest records, then each one that is written, until a signal. */
export async function tail(options: TailOptions): Promise<number> {
  const lines = parseCount('--lines', options.lines, [0, pageSize]);
  const filter = recordFilter(options, systemClock.now());
  const stopped = stopSignal();
  const show = options.json === true ? showJson : showLine;
  return withStoreToRead(options, async ({ records }) => {
    const signal = await follow({ records, filter, lines, show, stopped });
    return signalExitCodes[signal];
  });
}

interface Following<Signal> {
  readonly records: RecordTable;
  readonly filter: Filter;
  readonly lines: number;
  readonly show: (row: RecordRow) => void;
  readonly stopped: Promise<Signal>;
}

async function follow<Signal>({ records, filter, lines, show, stopped }: Following<Signal>): Promise<Signal> {
  // The newest record of all, fitting or not: what comes after it is new.
  const [newest] = await records.query({ limit: 1, order: 'desc' });
  let last = newest?.id ?? 0;
  const recent = lines === 0 ? [] : await records.query({ ...filter, limit: lines, order: 'desc' });
  for (const row of recent.filter(({ id }) => id <= last).reverse()) show(row);
  for (;;) {
    const page = await records.query({ ...filter, after: last, limit: pageSize, order: 'asc' });
    for (const row of page) show(row);
    last = page.at(-1)?.id ?? last;
    if (page.length === pageSize) continue;
    const signal = await Promise.race([stopped, pause()]);
    if (signal !== undefined) return signal;
  }
}

function pause(): Promise<undefined> {
  return new Promise((resolve) => {
    systemClock.after(pollMs, () => resolve(undefined));
  });
}

function showJson(row: RecordRow): void {
  printJsonLine(recordJson(row));
}

function showLine(row: RecordRow): void {
  const cells = recordCells(row).map((cell, index) => cell.padEnd(recordWidths[index] ?? 0));
  print(cells.join('  ').trimEnd());
}
