import type { Call } from '../model/call.js';
import type { Outcome } from '../model/outcome.js';
import { CallRecord } from './call-record.js';
import type { House } from './house.js';
import { attachCredential } from './stages/attach-credential.js';
import { checkLimits } from './stages/check-limits.js';
import { checkSession } from './stages/check-session.js';
import { decide } from './stages/decide.js';
import { forward } from './stages/forward.js';
import { inspectResult } from './stages/inspect-result.js';
import { locateTarget } from './stages/locate-target.js';
import { obtainPermit } from './stages/obtain-permit.js';
import { refuseStoppedCaller } from './stages/refuse-stopped.js';

/** Every governed call of every face goes through here. Never rejects. */
export type GovernCall = (call: Call) => Promise<Outcome>;

/**
 * The one path. The order of the stages is the security model: nothing is forwarded before the decision is durable,
 * no credential is touched before the permit, nothing goes back uninspected.
 * Invariant: every call leaves through `record.close`, which writes what happened exactly once.
 */
export function createGovernCall(house: House): GovernCall {
  return async function governCall(call) {
    const snapshot = house.snapshot();
    const record = new CallRecord(call, house);
    let leave: (() => void) | undefined;
    try {
      refuseStoppedCaller(call.principal, house);
      checkSession(call, { house, snapshot });
      const located = locateTarget(call, house);
      record.target = located.target;
      leave = checkLimits(call, located, { house, snapshot });
      const decided = decide(call, located, snapshot);
      // Rules answer at once; waiting for what is there already would cost every call a turn.
      const decision = decided instanceof Promise ? await decided : decided;
      const permit = await obtainPermit(decision, { located, house, snapshot }, record);
      const credential = await attachCredential(call, located, snapshot);
      const reply = await forward(permit, { call, located, credential, snapshot, house });
      return await record.close(inspectResult(reply, { call, located, snapshot, house }));
    } catch (cause) {
      return await record.close(cause);
    } finally {
      leave?.();
      record.admission?.leave();
    }
  };
}
