import type { JournalEntry } from '../model/record.js';
import { EntryRefused } from './journal.js';
import { lineOf } from './record-row.js';

/** The line of an entry without its end; throws EntryRefused for one that cannot be kept. JSON escapes line ends inside strings. */
export function checkedLine(entry: JournalEntry, maxBytes: number): string {
  if ((entry.payloads?.length ?? 0) > 1) {
    throw new EntryRefused(`entry ${entry.id} has several payloads, expected one at most`);
  }
  let line: string;
  try {
    line = lineOf(entry);
  } catch (cause) {
    throw new EntryRefused(`entry ${entry.id} cannot be written as JSON`, { cause });
  }
  // A UTF-16 unit takes at most three bytes, so most lines need not be measured.
  if (line.length * 3 >= maxBytes && Buffer.byteLength(line) >= maxBytes) {
    throw new EntryRefused(`entry ${entry.id} is longer than ${maxBytes} bytes`);
  }
  return line;
}
