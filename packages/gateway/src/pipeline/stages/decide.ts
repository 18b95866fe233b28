import type { Call } from '../../model/call.js';
import type { Decision, Question } from '../../model/decision.js';
import type { Snapshot } from '../house.js';
import type { Located } from './locate-target.js';

const noArguments = Object.freeze({});

/**
 * Stage 3. Allow or deny? Refuses nothing itself: a denial is an answer.
 * Of a call that cannot run, for example as its arguments do not fit, the question is whether the caller may know the
 * target at all; a hidden one must not be given away by a complaint. Of a request about a task it is whether the caller
 * may use the tool at all: its arguments were judged, and asked about, when the task began.
 */
export function decide(call: Call, located: Located, snapshot: Snapshot): Decision | Promise<Decision> {
  const { method, principal, at, id: callId } = call;
  const { target } = located;
  // Written out, since on Node 20 a copy with more members is slow and outlives the call.
  const question: Question =
    located.fault === undefined && call.task === undefined
      ? { method, principal, target, at, callId, action: 'call', args: call.args?.value ?? noArguments }
      : { method, principal, target, at, callId, action: 'list' };
  const settle = (decision: Decision): Decision => {
    if (call.task !== undefined) return withoutAsking(decision);
    // In the same turn, so that no two calls are judged by the same history.
    if (decision.effect === 'allow' && question.action === 'call')
      snapshot.history?.began(call.principal, located.target, call.at);
    return decision;
  };
  const decided = snapshot.decide(question);
  if (!(decided instanceof Promise)) return settle(decided);
  return decided.then((late) => settle(snapshot.decideAgain?.(question, late) ?? late));
}

/** A person was asked when the task began. */
function withoutAsking(decision: Decision): Decision {
  return decision.effect === 'ask' ? { ...decision, effect: 'allow' } : decision;
}
