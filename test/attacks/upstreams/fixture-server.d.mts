/** One message as a fixture upstream received it. */
export interface Received {
  readonly method: string;
  /** The name in `params.name`, or an empty string. */
  readonly tool: string;
  readonly args: unknown;
  /** The exact text of the message. */
  readonly raw: string;
  /** Headers as received, lower-case; empty over stdio. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What an upstream shall do with its next call instead of the ordinary. */
export interface Script {
  readonly next: 'tool_error';
  readonly text: string;
}

export interface FixtureServerOptions {
  /** Which fixture upstream this is: the key of its tools in fixture-tools.json. */
  readonly id: string;
  readonly eras: readonly ('modern' | 'legacy')[];
  record(received: Received): void;
  takeScript(): Script | undefined;
}

/** Answers one JSON-RPC message with the text of the reply; undefined when there is none to give. */
export type Answer = (raw: string, headers?: Readonly<Record<string, string>>) => Promise<string | undefined>;

export function createFixtureServer(options: FixtureServerOptions): Answer;
