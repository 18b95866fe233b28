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

/** What a schema library has to offer; a zod schema does. */
export interface OptionsSchema<Options> {
  safeParse(value: unknown): { success: true; data: Options } | { success: false; error: OptionsError };
}

interface OptionsError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
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

/** A service, as the configuration describes it. */
export interface Destination {
  /** https, or http to this machine; to another one only with `plainHttp`. */
  readonly url: string;
  /** Addresses and ranges besides public ones and, for a URL of this machine, its own. */
  readonly addresses?: readonly string[];
  readonly plainHttp?: boolean;
  /** Values may hold references: `Bearer ${env:TOKEN}`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A reference to the secret that signs each request: `env:NAME`. */
  readonly signWith?: string;
}

/** One service. Rejects for what cannot be sent, is not answered in time, or is answered at too great a length. */
export interface Endpoint {
  /** Posts JSON text; redirects are answers. */
  post(body: string, limits: { timeoutMs: number; maxBytes: number }): Promise<EndpointReply>;
}

export interface EndpointReply {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
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
