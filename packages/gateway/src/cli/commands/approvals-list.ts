import { inertJson } from '../../lib/inert-text.js';
import type { HoldState } from '../../model/hold.js';
import { type ApprovalOptions, withApprovals } from '../approvals-at.js';
import { CliError } from '../cli-error.js';
import { holdCells, holdHeadings } from '../format-hold.js';
import { printTable } from '../print-table.js';
import { print } from '../terminal.js';

interface ListOptions extends ApprovalOptions {
  readonly state?: HoldState | 'all';
  readonly limit: string;
}

const mostListed = 1000;

/** `approvals list`: what waits, oldest first. */
export function listApprovals(options: ListOptions): Promise<number> {
  const { state = 'pending', limit, json } = options;
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > mostListed)
    throw new CliError(`--limit: found ${JSON.stringify(limit)}; expected 1 to ${mostListed}`, 2);
  return withApprovals(options, async (approvals) => {
    const holds = await approvals.list(state === 'all' ? undefined : state, count);
    const shown = holds.toReversed();
    if (json === true) print(inertJson({ approvals: shown }));
    else printTable(holdHeadings, shown.map(holdCells), nothing(state));
    return 0;
  });
}

function nothing(state: HoldState | 'all'): string {
  return state === 'pending' ? 'No call waits for a person.' : 'There is no such hold.';
}
