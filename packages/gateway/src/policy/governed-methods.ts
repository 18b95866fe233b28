import { callMethods } from '../model/call.js';
import { questionMethods } from '../model/client.js';
import type { Question } from '../model/decision.js';
import type { TargetKind } from '../model/target.js';
import { isTaskMethod, taskMethods } from '../model/task.js';

/** The members of a rule's match that name targets. */
export const targetMembers = ['tools', 'prompts', 'resources'] as const;

export type TargetMember = (typeof targetMembers)[number];

/** The member that names targets of a kind; relayed methods are named by `match.methods` only. */
export function memberFor(kind: TargetKind): TargetMember | undefined {
  return members[kind];
}

const members: Readonly<Record<TargetKind, TargetMember | undefined>> = {
  tool: 'tools',
  prompt: 'prompts',
  resource: 'resources',
  template: 'resources',
  method: undefined,
};

const questions: ReadonlySet<string> = new Set(questionMethods);

/** Whether it is a request of an upstream to its client. */
export function isQuestion(method: string): boolean {
  return questions.has(method);
}

/** What can be about a target that the member names. */
export const methodsFor: Readonly<Record<TargetMember, readonly string[]>> = {
  tools: ['tools/call', ...taskMethods, ...questionMethods],
  prompts: ['prompts/get', 'completion/complete', ...questionMethods],
  resources: ['resources/read', 'resources/subscribe', 'completion/complete', ...questionMethods],
};

/** Every method that rules can be about. */
export const governedMethods: readonly string[] = [...callMethods, ...taskMethods, ...questionMethods];

/**
 * Lists show what could be used: the question is then about the method by which its targets are. Of tasks it is asked in
 * the same way, about their own methods.
 */
export function methodAskedFor({ action, method, target }: Question): string {
  return action === 'call' || isTaskMethod(method) ? method : (listedFor[target.kind] ?? target.name);
}

const listedFor: Readonly<Record<TargetKind, string | undefined>> = {
  tool: 'tools/call',
  prompt: 'prompts/get',
  resource: 'resources/read',
  template: 'resources/read',
  method: undefined,
};
