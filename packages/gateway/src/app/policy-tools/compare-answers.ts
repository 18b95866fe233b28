import type { JsonObject } from '../../model/json.js';
import type { Principal } from '../../model/principal.js';
import type { Target } from '../../model/target.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { type PolicyBench, type TrialAnswer, type TrialCall, usualMethod } from './policy-bench.js';
import { sampleArguments, turningPoints } from './sample-arguments.js';

/** An effect, or that there is no such target. */
export type Answered = TrialAnswer['effect'] | 'unknown_target';

/** Sample calls of one target by one caller that two policies answer otherwise, in the same way. */
export interface AnswerChange {
  readonly kind: Target['kind'];
  readonly target: string;
  readonly caller: string;
  readonly roles: Principal['roles'];
  readonly labels: Principal['labels'];
  readonly before: Answered;
  readonly after: Answered;
  /** `looser`: more may happen than before. */
  readonly direction: 'looser' | 'tighter' | 'other';
  /** How many sample calls. */
  readonly samples: number;
  /** The first of them, with what decided it: the id of a rule, the name of an evaluator, or `default`. */
  readonly example: {
    readonly args: JsonObject;
    readonly at: string;
    readonly by: readonly [string, string];
  };
}

export interface AnswerComparison {
  readonly samples: number;
  readonly changes: readonly AnswerChange[];
}

const mostSamples = 60_000;
const mostPerTarget = 24;
/** A Monday at noon, a Monday before dawn, a Saturday at noon. */
const times = ['2026-01-05T12:00:00Z', '2026-01-05T03:00:00Z', '2026-01-10T12:00:00Z'];
const strength: Readonly<Record<Answered, number>> = {
  allow: 0,
  invalid_arguments: 1,
  ask: 2,
  deny: 3,
  hide: 3,
  unknown_target: 3,
};

interface Sides {
  readonly before: PolicyBench;
  readonly after: PolicyBench;
  readonly callers: readonly Principal[];
  /** Calls that are asked beside the samples. */
  readonly more: readonly TrialCall[];
}

/** Puts the same sample calls to both policies. What no sample shows may differ all the same. */
export async function compareAnswers({ before, after, callers, more }: Sides): Promise<AnswerComparison> {
  const tally = new Tally();
  const known = [after, before].flatMap(({ upstreams }) => [
    ...upstreams.tools(),
    ...upstreams.prompts(),
    ...upstreams.resources(),
  ]);
  const targets = [
    ...new Map(known.map((target) => [`${target.kind} ${target.exposedName}`, target])).values(),
  ];
  const configs = [before.config, after.config];
  const at = configs.some(isTimed) ? times : times.slice(0, 1);
  const each = Math.floor(mostSamples / Math.max(1, targets.length * callers.length * at.length));
  const turning = turningPoints(
    configs.flatMap(({ policy }) => policy.rules.flatMap(({ when }) => when ?? [])),
  );
  for (const target of targets) {
    const samples = argumentsFor(target, turning, Math.min(Math.max(each, 1), mostPerTarget));
    for (const principal of callers)
      for (const args of samples)
        for (const time of at) {
          const call = { target, method: usualMethod(target), principal, args, at: Date.parse(time) };
          tally.note(call, await answerOf(before, call), await answerOf(after, call));
        }
  }
  for (const call of more) tally.note(call, await answerOf(before, call), await answerOf(after, call));
  return { samples: tally.samples, changes: tally.changes() };
}

interface Given {
  readonly effect: Answered;
  readonly by: string;
}

/** The target as this side knows it: another configuration may name or lack it. */
async function answerOf(bench: PolicyBench, call: TrialCall): Promise<Given> {
  const target = bench.find(call.target.kind, call.target.exposedName);
  if (target === undefined) return { effect: 'unknown_target', by: 'default' };
  const { effect, decision } = await bench.decide({ ...call, target });
  return { effect, by: decision.rule ?? decision.evaluator ?? 'default' };
}

function argumentsFor(
  target: Target,
  turning: Parameters<typeof sampleArguments>[1],
  most: number,
): JsonObject[] {
  return target.kind === 'tool' ? sampleArguments(target.inputSchema, turning, most) : [{}];
}

function isTimed({ policy }: EffectiveConfig): boolean {
  return policy.rules.some(({ during, when }) => during !== undefined || /\bnow\b/.test(when ?? ''));
}

class Tally {
  samples = 0;
  readonly #changes = new Map<string, AnswerChange>();

  note(call: TrialCall, before: Given, after: Given): void {
    this.samples += 1;
    if (before.effect === after.effect) return;
    const { target, principal, args, at } = call;
    const { id: caller, roles, labels } = principal;
    const head = { kind: target.kind, target: target.exposedName, caller, roles, labels };
    const effects = { before: before.effect, after: after.effect };
    const key = JSON.stringify([head, effects]);
    const known = this.#changes.get(key);
    const example = known?.example ?? {
      args,
      at: new Date(at).toISOString(),
      by: [before.by, after.by] as const,
    };
    const direction = directionOf(before.effect, after.effect);
    this.#changes.set(key, { ...head, ...effects, direction, samples: (known?.samples ?? 0) + 1, example });
  }

  changes(): AnswerChange[] {
    const rank = { looser: 0, other: 1, tighter: 2 };
    return [...this.#changes.values()].sort((a, b) => rank[a.direction] - rank[b.direction]);
  }
}

function directionOf(before: Answered, after: Answered): AnswerChange['direction'] {
  const difference = strength[after] - strength[before];
  if (difference === 0) return 'other';
  return difference < 0 ? 'looser' : 'tighter';
}
