import { inertJson, inertText } from '../../lib/inert-text.js';
import { type ApprovalOptions, withApprovals } from '../approvals-at.js';
import { printTable } from '../print-table.js';
import { print } from '../terminal.js';
import { visibleText } from '../visible-text.js';

const mostListed = 1000;

/** `approvals replay`: what the call returned, as JSON. */
export function replayApproval(options: ApprovalOptions, [id = '']: readonly string[]): Promise<number> {
  return withApprovals(options, async (approvals) => {
    print(inertJson(await approvals.replay(id)));
    return 0;
  });
}

/** `approvals undelivered`: what channels could not be told. */
export function listUndelivered(options: ApprovalOptions): Promise<number> {
  return withApprovals(options, async (approvals) => {
    const found = await approvals.undelivered(mostListed);
    if (options.json === true) print(inertJson({ undelivered: found }));
    else
      printTable(
        ['CHANNEL', 'HOLD', 'TRIES', 'LAST', 'WHY'],
        found.map(({ channel, hold, attempts, at, fault }) => {
          const time = new Date(at).toLocaleString('sv');
          return [visibleText(channel), visibleText(hold), String(attempts), time, inertText(fault)];
        }),
        'Every channel was told everything.',
      );
    return 0;
  });
}
