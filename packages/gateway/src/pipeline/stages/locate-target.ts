import type { Call } from '../../model/call.js';
import { Refusal } from '../../model/refusal.js';
import type { Target } from '../../model/target.js';
import type { House } from '../house.js';

export interface Located {
  readonly target: Target;
  /** What is wrong with the arguments, in a sentence; told only to callers who may know that the tool exists. */
  readonly argumentFault?: string;
}

/** Stage 1. Which tool is meant, and do the arguments fit its schema? */
export function locateTarget(call: Call, house: House): Located {
  const tool = house.upstreams.locate(call.endpoint, call.target);
  if (tool === undefined) throw new Refusal('unknown_target', `Unknown tool: ${call.target}`);
  const argumentFault = house.argumentCheck.faultOf(tool, call.args?.value);
  return argumentFault === undefined ? { target: tool } : { target: tool, argumentFault };
}
