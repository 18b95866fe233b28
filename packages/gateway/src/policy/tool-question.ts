import { questionMethods } from '../model/client.js';
import type { Question } from '../model/decision.js';
import type { Tool } from '../model/tool.js';

const asking: ReadonlySet<string> = new Set(questionMethods);

/** The tool that a caller wants to use; undefined for other targets, and for what an upstream asks during the call. */
export function toolAskedFor({ method, target }: Question): Tool | undefined {
  return target.kind === 'tool' && !asking.has(method) ? target : undefined;
}
