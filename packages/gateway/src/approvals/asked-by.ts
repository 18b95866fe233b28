import type { Hold } from '../model/hold.js';
import type { Principal } from '../model/principal.js';

/**
 * Whether a caller is the one who asked: in the same session, where there is one, and with a credential of the same
 * owner. What another session of the caller asked is another call's, as its approval is.
 */
export function isAskedBy(hold: Hold, { tenant, id, session, labels }: Principal): boolean {
  return (
    hold.tenant === tenant &&
    hold.caller === id &&
    hold.session === session?.id &&
    hold.owner === labels.owner
  );
}
