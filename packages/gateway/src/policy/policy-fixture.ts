import type { Question } from '../model/decision.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Principal } from '../model/principal.js';
import type { Prompt, Resource, ResourceTemplate, Target } from '../model/target.js';
import type { Tool } from '../model/tool.js';
import { compilePolicy, type Policy } from './policy.js';
import { PolicyFaults } from './policy-problem.js';
import type { PolicySpec, RuleSpec } from './rule.js';

const nothing = { text: '{}', value: {} };
const digest = 'sha256:x';

export function toolOf(name: string, properties: JsonObject = {}, more: Partial<Tool> = {}): Tool {
  const inputSchema = { type: 'object', properties };
  const upstream = 'fs';
  return {
    kind: 'tool',
    exposedName: name,
    upstream,
    name,
    definition: nothing,
    inputSchema,
    annotations: {},
    digest,
    ...more,
  };
}

export function promptOf(name: string, args: readonly string[] = [], upstream = 'fs'): Prompt {
  const value = { name, arguments: args.map((argument) => ({ name: argument })) };
  return { kind: 'prompt', exposedName: name, upstream, name, definition: { text: '{}', value }, digest };
}

export function resourceOf(uri: string, upstream = 'fs'): Resource {
  return { kind: 'resource', exposedName: uri, upstream, name: uri };
}

export function templateOf(uri: string, upstream = 'fs'): ResourceTemplate {
  return { kind: 'template', exposedName: uri, upstream, name: uri, definition: nothing, digest };
}

export function callerOf(id = 'agent-a', more: Partial<Principal> = {}): Principal {
  return { id, credential: 'none', tenant: 't', roles: ['agent'], labels: {}, ...more };
}

const calledWith = {
  tool: 'tools/call',
  prompt: 'prompts/get',
  resource: 'resources/read',
  template: 'completion/complete',
  method: 'com.example/run',
};

/** A call of a target by agent-a, at the epoch. */
export function asked(target: Target, args: JsonValue = {}, more: Partial<Question> = {}): Question {
  const method = calledWith[target.kind];
  return { action: 'call', method, principal: callerOf(), target, args, at: 0, callId: 'c1', ...more };
}

export function listed(target: Target, more: Partial<Question> = {}): Question {
  const { args: _none, ...question } = asked(target, {}, more);
  return { ...question, action: 'list' };
}

export type RuleDraft = Partial<RuleSpec> & Pick<RuleSpec, 'effect'>;

/** Rules `r0`, `r1`, ... about everything, with a default of deny. */
export function specOf(...rules: RuleDraft[]): PolicySpec {
  return { default: 'deny', rules: rules.map((rule, index) => ({ id: `r${index}`, match: {}, ...rule })) };
}

export function policyOf(...rules: RuleDraft[]): Policy {
  return compilePolicy(specOf(...rules));
}

/** What is wrong with rules that do not compile. */
export function faultsOf(...rules: RuleDraft[]): string[] {
  try {
    compilePolicy(specOf(...rules));
    return [];
  } catch (error) {
    if (error instanceof PolicyFaults) return error.problems.map(({ message }) => message);
    throw error;
  }
}
