import type { Hold } from '../model/hold.js';
import type { StandingApproval } from '../model/standing-approval.js';
import type { DeskDeps } from './desk-deps.js';

/** The call provably never left, so the approval may be used by another attempt. */
export function giveBack({ table, log, standing }: DeskDeps, used: Hold | StandingApproval): void {
  try {
    if ('callsLeft' in used) standing?.giveBack(used);
    else if (used.usedBy !== undefined) table.giveBack(used.id, used.usedBy);
  } catch (cause) {
    // As when the same call was asked for again meanwhile: there can be one open hold of it only.
    log.info({ err: cause, approval: used.id }, 'an unused approval could not be given back');
  }
}
