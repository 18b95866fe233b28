import type { ConfigInput } from '#contract';
import type { ApprovalChannelPlugin } from '../../approvals/approval-channel.js';
import type { CancelSignal } from '../../model/cancel-signal.js';
import type { Question } from '../../model/decision.js';
import type { Verdict } from '../../policy/evaluator.js';
import type { EvaluatorPlugin } from '../../policy/evaluator-plugin.js';

type ConfiguredEvaluator = NonNullable<ConfigInput['evaluators']>[number];

/** An evaluator of one's own: a function, or a plug-in with its options. */
interface OwnEvaluator extends Omit<Extract<ConfiguredEvaluator, { use: unknown }>, 'use'> {
  use: EvaluatorPlugin | ((question: Question, signal: CancelSignal) => Verdict | Promise<Verdict>);
}

type ConfiguredApprovals = NonNullable<ConfigInput['approvals']>;
type ConfiguredChannel = NonNullable<ConfiguredApprovals['channels']>[number];

/** A channel of one's own, with its options. */
interface OwnChannel extends Omit<Extract<ConfiguredChannel, { use: unknown }>, 'use'> {
  // Whatever options the plug-in takes: its schema checks them.
  use: Omit<ApprovalChannelPlugin<never>, 'options'> & { readonly options: object };
}

interface CodeApprovals extends Omit<ConfiguredApprovals, 'channels'> {
  channels?: (Extract<ConfiguredChannel, { kind: string }> | OwnChannel)[] | undefined;
}

/** A configuration as a file in TypeScript writes it. */
export interface CodeConfig extends Omit<ConfigInput, 'evaluators' | 'approvals'> {
  approvals?: CodeApprovals | undefined;
  evaluators?: (Extract<ConfiguredEvaluator, { kind: string }> | OwnEvaluator)[] | undefined;
}

/** Gives a configuration file in TypeScript its types; what it returns is what it was given. */
export function defineConfig<Config extends CodeConfig>(config: Config): Config {
  return config;
}
