import type { Destination, Endpoint } from '../model/endpoint.js';
import type { OptionsSchema } from '../model/options-schema.js';
import type { Evaluator } from './evaluator.js';

/**
 * Describes a kind of evaluator: a plain value that a configuration names. `create` is called for each configured one,
 * at each start and reload; what it throws refuses the configuration.
 */
export interface EvaluatorPlugin<Options = unknown> {
  readonly kind: 'evaluator';
  readonly name: string;
  readonly options: OptionsSchema<Options>;
  create(options: Options, context: EvaluatorContext): Evaluator | Promise<Evaluator>;
}

/** What an evaluator is given by the gateway. */
export interface EvaluatorContext {
  /** How the configuration calls this one. */
  readonly name: string;
  /** Its time budget: later answers do not count. */
  readonly timeoutMs: number;
  /** The folder that relative paths start from. */
  readonly baseDir: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Opens the way to a service; throws for an address to which the gateway does not go. */
  readonly connect: (destination: Destination) => Endpoint;
}

/** Options with which an evaluator cannot work; `path` leads to the one that is wrong. */
export class EvaluatorFault extends Error {
  readonly path: readonly PropertyKey[];

  constructor(path: readonly PropertyKey[], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EvaluatorFault';
    this.path = path;
  }
}

/** Describes an evaluator; what it returns is the plug-in that a configuration can `use`. */
export function defineEvaluator<Options>(
  plugin: Omit<EvaluatorPlugin<Options>, 'kind'>,
): EvaluatorPlugin<Options> {
  return { kind: 'evaluator', ...plugin };
}
