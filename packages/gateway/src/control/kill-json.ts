import { isoTime } from '../lib/clock.js';
import type { KillSwitch } from '../model/kill-switch.js';

/** A kill switch as REST and the CLI show it. */
export function killJson({ id, tenant, scope, name, reason, by, at }: KillSwitch) {
  return { id, tenant, scope, ...(name === '' ? {} : { name }), reason, by, at: isoTime(at) };
}
