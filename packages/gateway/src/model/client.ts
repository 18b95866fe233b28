import type { CancelSignal } from './cancel-signal.js';
import type { JsonObjectText } from './json.js';
import type { RemoteError } from './remote-error.js';

/** What the client behind a call can do, as it said itself. Decides nothing about what it may do. */
export interface Client {
  /** JSON text of the capabilities the client declared, of those that the gateway can relay: `{}` when there are none. */
  readonly capabilities: string;
  /** JSON text of `clientInfo`, where the client gave one. */
  readonly info?: string | undefined;
  /**
   * Who can be asked: equal for two calls when a question that belongs to either may be put to either, as within one
   * legacy session. Modern calls each have their own.
   */
  readonly asker: string;
  /** It knows tasks: a call may be answered with one. Not among the capabilities, as no legacy server is told. */
  readonly tasks?: boolean | undefined;
  /** The level of log messages that the client wants, if it wants any. */
  readonly logLevel?: string | undefined;
}

/** A request of an upstream to the client behind a call: `elicitation/create`, `sampling/createMessage`, `roots/list`. */
export interface UpstreamQuestion {
  readonly method: QuestionMethod;
  readonly params: JsonObjectText;
  /** The name under which a modern upstream expects the answer, so that a client may know it beforehand. */
  readonly key?: string | undefined;
  /** Aborts when the upstream withdraws it or its call ends. */
  readonly signal: CancelSignal;
}

export const questionMethods = ['elicitation/create', 'sampling/createMessage', 'roots/list'] as const;

export type QuestionMethod = (typeof questionMethods)[number];

/** What the client said. */
export type ClientAnswer =
  | { readonly kind: 'result'; readonly result: JsonObjectText }
  | { readonly kind: 'error'; readonly error: RemoteError };

/** Puts a question to the client. Rejects only with a fault of ours; "no" and "cannot" are answers. */
export type Ask = (question: UpstreamQuestion) => Promise<ClientAnswer>;

/** Where there is no Ask: hears of questions that were answered with an error because nobody can be asked. */
export interface UnaskedQuestions {
  refused(question: UpstreamQuestion): void;
}
