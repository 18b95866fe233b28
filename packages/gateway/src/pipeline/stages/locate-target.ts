import type { Call } from '../../model/call.js';
import { Refusal } from '../../model/refusal.js';
import type { Tool } from '../../model/tool.js';
import type { House } from '../house.js';

export interface Target {
  readonly tool: Tool;
  /** What is wrong with the arguments, in a sentence; told only to callers who may know that the tool exists. */
  readonly argumentFault?: string;
}

/** Stage 1. Which tool is meant, and do the arguments fit its schema? */
export function locateTarget(call: Call, house: House): Target {
  const tool = house.upstreams.locate(call.endpoint, call.target);
  if (tool === undefined) throw new Refusal('unknown_target', `Unknown tool: ${call.target}`);
  const argumentFault = house.argumentCheck.faultOf(tool, call.args?.value);
  return argumentFault === undefined ? { tool } : { tool, argumentFault };
}
