import type { ConfigInput } from '#contract';
import type { CancelSignal } from '../../model/cancel-signal.js';
import type { Question } from '../../model/decision.js';
import type { Verdict } from '../../policy/evaluator.js';
import type { EvaluatorPlugin } from '../../policy/evaluator-plugin.js';

type ConfiguredEvaluator = NonNullable<ConfigInput['evaluators']>[number];

/** An evaluator of one's own: a function, or a plug-in with its options. */
interface OwnEvaluator extends Omit<Extract<ConfiguredEvaluator, { use: unknown }>, 'use'> {
  use: EvaluatorPlugin | ((question: Question, signal: CancelSignal) => Verdict | Promise<Verdict>);
}

/** A configuration as a file in TypeScript writes it. */
export interface CodeConfig extends Omit<ConfigInput, 'evaluators'> {
  evaluators?: (Extract<ConfiguredEvaluator, { kind: string }> | OwnEvaluator)[] | undefined;
}

/** Gives a configuration file in TypeScript its types; what it returns is what it was given. */
export function defineConfig<Config extends CodeConfig>(config: Config): Config {
  return config;
}
