import type { Loss } from './compare.js';

/** What one leg scored at each revision, over its rounds. */
export interface LegScore {
  readonly leg: string;
  readonly passed: Readonly<Record<string, readonly number[]>>;
}

/** A table of scenarios passed, one line per leg, for people who read the log. */
export function table(scores: readonly LegScore[], totals: Readonly<Record<string, number>>): string {
  const revisions = Object.keys(totals);
  const rows = scores.map(({ leg, passed }) => [
    leg,
    ...revisions.map((one) => `${[...new Set(passed[one] ?? [])].join(' or ') || '-'}/${totals[one]}`),
  ]);
  const cells = [['leg', ...revisions], ...rows];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0));
  return cells.map((row) => line(row).join('  ').trimEnd()).join('\n');
}

/** One line per loss, short enough to read; the details are in the assertion. */
export function lines(losses: readonly Loss[]): string[] {
  return losses.map(({ scenario, check, problem }) => `${scenario}: ${check}: ${problem}`);
}
