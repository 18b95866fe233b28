import Table from 'cli-table3';
import pc from 'picocolors';
import { print, say } from './terminal.js';

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Prints rows under headings; `nothing` is said on stderr where there are none. Cells must be inert already. */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  nothing: string,
): void {
  if (rows.length === 0) {
    say(nothing);
    return;
  }
  const colors = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
  const table = new Table({ head: head.map((title) => colors.bold(title)), chars: noLines, style });
  for (const row of rows) table.push([...row]);
  for (const line of table.toString().split('\n')) print(line.trimEnd());
}
