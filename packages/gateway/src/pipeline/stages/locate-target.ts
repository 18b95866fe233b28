import type { Call } from '../../model/call.js';
import type { Quarantine } from '../../model/quarantine.js';
import { Refusal } from '../../model/refusal.js';
import type { Target, TargetKind } from '../../model/target.js';
import type { TaskRef } from '../../model/task.js';
import type { House } from '../house.js';
import { sentenceOf } from './refuse-stopped.js';

export interface Located {
  readonly target: Target;
  /** Why the call cannot run although its target is there; told only to callers who may know that it is. */
  readonly fault?: TargetFault;
}

export interface TargetFault {
  readonly code: 'invalid_arguments' | 'target_changed' | 'kill_switch';
  /** A sentence for the caller. */
  readonly message: string;
}

/** Stage 1. What is meant, is it still what was accepted, and do the arguments fit it? */
export function locateTarget(call: Call, house: House): Located {
  const target = house.upstreams.locate(call.endpoint, call.kind, call.target);
  if (target === undefined) throw new Refusal('unknown_target', `Unknown ${nouns[call.kind]}`);
  if (call.task !== undefined && !isRunOf(call.task, target))
    throw new Refusal('unknown_target', 'Unknown task');
  const stop = house.kills.stoppingTarget(call.principal.tenant, target);
  if (stop !== undefined) return { target, fault: { code: 'kill_switch', message: sentenceOf(stop) } };
  const quarantine = 'quarantine' in target ? target.quarantine : undefined;
  if (quarantine !== undefined) {
    const message = `The ${nouns[call.kind]} ${quarantines[quarantine]} The call was not sent.`;
    return { target, fault: { code: 'target_changed', message } };
  }
  const message = argumentFault(target, call, house);
  return message === undefined ? { target } : { target, fault: { code: 'invalid_arguments', message } };
}

/** Another tool may have the name by now. */
function isRunOf({ upstream, tool }: TaskRef, target: Target): boolean {
  return target.upstream === upstream && target.name === tool;
}

/** What completions, resources, tasks and relayed methods take is for their upstream to judge. */
function argumentFault(target: Target, { method, args, task }: Call, house: House): string | undefined {
  if (task !== undefined) return undefined;
  if (target.kind === 'tool') return house.argumentCheck.faultOf(target, args?.value);
  if (target.kind === 'prompt' && method === 'prompts/get') {
    return house.argumentCheck.promptFaultOf(target, args?.value);
  }
  return undefined;
}

const nouns: Readonly<Record<TargetKind, string>> = {
  tool: 'tool',
  prompt: 'prompt',
  resource: 'resource',
  template: 'resource template',
  method: 'method',
};

const quarantines: Readonly<Record<Quarantine, string>> = {
  changed:
    'is not what it was when it was accepted; an operator of the gateway must look at the change first.',
  waiting: 'is new and waits for an operator of the gateway to accept it.',
  rejected: 'was rejected by an operator of the gateway.',
  unknowable: 'cannot be compared with what was accepted at the moment.',
  twin: 'looks like one of another server behind the gateway; its operator must rename one of them.',
};
