import type { Call } from '../../model/call.js';
import type { Decision, Question } from '../../model/decision.js';
import type { Snapshot } from '../house.js';
import type { Located } from './locate-target.js';

const noArguments = Object.freeze({});

/**
 * Stage 3. Allow or deny? Refuses nothing itself: a denial is an answer.
 * Arguments that do not fit the schema cannot be asked about, so then the question is whether the caller may know
 * the tool at all; a hidden tool must not be given away by a complaint about its arguments.
 */
export function decide(call: Call, located: Located, snapshot: Snapshot): Decision {
  const about = {
    method: call.method,
    principal: call.principal,
    target: located.target,
    at: call.at,
    callId: call.id,
  };
  const question: Question =
    located.argumentFault === undefined
      ? { ...about, action: 'call', args: call.args?.value ?? noArguments }
      : { ...about, action: 'list' };
  return snapshot.decide(question);
}
