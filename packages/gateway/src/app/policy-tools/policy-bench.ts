import { newId } from '../../lib/ids.js';
import type { Decision, Question } from '../../model/decision.js';
import type { History } from '../../model/history.js';
import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import type { Target, TargetKind } from '../../model/target.js';
import { ArgumentCheck } from '../../pipeline/argument-check.js';
import type { Offer } from '../../policy/check-rules.js';
import type { EvaluatorPanel } from '../../policy/evaluator-panel.js';
import type { Explanation } from '../../policy/explain.js';
import { Histories } from '../../policy/histories.js';
import type { Policy } from '../../policy/policy.js';
import type { UpstreamPresence } from '../../policy/rule-realms.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import type { KnownUpstreams } from '../layer/own-upstreams.js';
import { upstreamSpecsOf } from '../upstream-specs.js';

/** What is asked of a policy on trial. */
export interface TrialCall {
  readonly target: Target;
  readonly method: string;
  readonly principal: Principal;
  readonly args: JsonObject;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly list?: boolean | undefined;
  readonly history?: History | undefined;
}

export interface TrialAnswer {
  /** `invalid_arguments` where the policy would let the call pass, and the gateway refuses what does not fit the schema. */
  readonly effect: Decision['effect'] | 'invalid_arguments';
  readonly decision: Decision;
  readonly invalid?: string;
}

interface BenchParts {
  readonly config: EffectiveConfig;
  readonly policy: Policy;
  readonly panel: EvaluatorPanel;
  readonly upstreams: KnownUpstreams;
}

/** A policy together with what servers offer, to be asked about calls that nobody makes. */
export class PolicyBench {
  readonly config: EffectiveConfig;
  readonly policy: Policy;
  readonly upstreams: KnownUpstreams;
  readonly #panel: EvaluatorPanel;
  readonly #check: ArgumentCheck;

  constructor({ config, policy, panel, upstreams }: BenchParts) {
    this.config = config;
    this.policy = policy;
    this.upstreams = upstreams;
    this.#panel = panel;
    const open = new Set(
      upstreamSpecsOf(config).flatMap(({ id, openArguments }) => (openArguments ? [id] : [])),
    );
    this.#check = new ArgumentCheck((id) => open.has(id));
  }

  /** A target by the name or URI that callers use, or by its upstream's id and its own name: `files:read_file`. */
  find(kind: TargetKind, name: string, endpoint?: string): Target | undefined {
    const known = this.upstreams.locate(endpoint, kind, name);
    if (known !== undefined || (kind !== 'tool' && kind !== 'prompt')) return known;
    const all: readonly Target[] = kind === 'tool' ? this.upstreams.tools() : this.upstreams.prompts();
    return all.find((target) => `${target.upstream}:${target.name}` === name);
  }

  async decide(call: TrialCall): Promise<TrialAnswer> {
    return this.#answer(call, await this.#panel.decide(questionOf(call)));
  }

  /** The same with every rule tried. */
  async explain(call: TrialCall): Promise<TrialAnswer & Explanation> {
    const explanation = await this.#panel.explain(questionOf(call));
    return { ...explanation, ...this.#answer(call, explanation.decision) };
  }

  /** What servers offer, for checks of the rules. */
  get offer(): Offer {
    const { tools, prompts, resources, templates } = this.upstreams.known();
    return { tools, prompts, resources, templates };
  }

  get presence(): UpstreamPresence[] {
    const { upstreams = {} } = this.config.fromApi ?? {};
    return this.upstreams
      .status()
      .map(({ id, state }) => ({ id, up: state === 'up', tenant: upstreams[id] }));
  }

  #answer(call: TrialCall, decision: Decision): TrialAnswer {
    const { effect } = decision;
    const invalid = call.list === true ? undefined : this.faultOf(call);
    if (invalid === undefined || (effect !== 'allow' && effect !== 'ask')) return { effect, decision };
    return { effect: 'invalid_arguments', decision, invalid };
  }

  /** What the gateway says of arguments that do not fit the target, whatever the policy answers. */
  faultOf({ target, args, method }: TrialCall): string | undefined {
    if (target.kind === 'tool' && method === 'tools/call') return this.#check.faultOf(target, args);
    if (target.kind === 'prompt' && method === 'prompts/get') return this.#check.promptFaultOf(target, args);
    return undefined;
  }
}

function questionOf({ target, method, principal, args, at, list, history }: TrialCall): Question {
  const about = { method, principal, target, at, callId: newId() };
  const past = history ?? new Histories().of(principal);
  return list === true
    ? { ...about, action: 'list', history: past }
    : { ...about, action: 'call', args, history: past };
}

/** The method by which a target of a kind is used, where a call says nothing else. */
export function usualMethod(target: Target): string {
  return usualMethods[target.kind] ?? target.name;
}

const usualMethods: Readonly<Record<TargetKind, string | undefined>> = {
  tool: 'tools/call',
  prompt: 'prompts/get',
  resource: 'resources/read',
  template: 'completion/complete',
  method: undefined,
};
