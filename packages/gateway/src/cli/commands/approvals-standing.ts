import { inertJson, inertText } from '../../lib/inert-text.js';
import type { ApprovalOptions } from '../approvals-at.js';
import { printTable } from '../print-table.js';
import { type ShownStanding, withStanding } from '../standing-at.js';
import { print, say } from '../terminal.js';
import { visibleText } from '../visible-text.js';

const mostListed = 1000;
const headings = ['ID', 'CALLER', 'CALL', 'LEFT', 'UNTIL', 'BY'];

/** `approvals standing list`: what was approved beforehand, newest first. */
export function listStanding(options: ApprovalOptions): Promise<number> {
  return withStanding(options, async (standing) => {
    const all = await standing.list(mostListed);
    if (options.json === true) print(inertJson({ standing_approvals: all }));
    else printTable(headings, all.map(cells), 'Nothing was approved beforehand.');
    return 0;
  });
}

/** `approvals standing revoke`: from now on a person is asked again. */
export function revokeStanding(options: ApprovalOptions, [id = '']: readonly string[]): Promise<number> {
  return withStanding(options, async (standing) => {
    const revoked = await standing.revoke(id);
    if (options.json === true) print(inertJson(revoked));
    else say('Revoked: a person is asked again.');
    return 0;
  });
}

/** What of it comes from agents is between quotes. */
function cells({
  id,
  caller,
  target,
  values,
  callsLeft,
  calls,
  until,
  by,
  revokedAt,
}: ShownStanding): string[] {
  const args = Object.entries(values).map(
    ([name, texts]) => `${inertText(name)}: ${texts.map(inertText).join(' or ')}`,
  );
  return [
    visibleText(id),
    visibleText(caller),
    `${visibleText(target)} ${args.join(', ')}`,
    revokedAt === undefined ? `${callsLeft} of ${calls}` : 'revoked',
    new Date(until).toLocaleString('sv'),
    visibleText(by),
  ];
}
