/** One message as a fixture upstream received it. */
export interface Received {
  /** An empty string for what is no JSON, or no request and no notification. */
  readonly method: string;
  /** The name in `params.name`, or an empty string. */
  readonly tool: string;
  readonly args: unknown;
  /** The exact text of the message. */
  readonly raw: string;
  /** Headers as received, lower-case; empty over stdio. */
  readonly headers: Readonly<Record<string, string>>;
  /** How many calls were in flight then, this one included. */
  readonly inFlight: number;
}

/** What an upstream shall do instead of the ordinary, in the words of the corpus. */
export type Script = Readonly<Record<string, unknown>>;

export interface ToolDefinition {
  readonly name: string;
  readonly [member: string]: unknown;
}

export interface FixtureServerOptions {
  /** Which fixture upstream this is: the key of its tools in fixture-tools.json. */
  readonly id: string;
  readonly eras: readonly ('modern' | 'legacy')[];
  record(received: Received): void;
  takeScript(): Script | undefined;
}

/** What the server says of itself; may be changed at any time. */
export interface Offer {
  name: string;
  /** Further members of what it says that it is. */
  about: Readonly<Record<string, unknown>>;
  tools: ToolDefinition[];
  /** Members of each list besides its tools. */
  listMembers: Readonly<Record<string, unknown>>;
}

export interface FixtureServer {
  readonly offer: Offer;
  /** Answers one JSON-RPC message with the text of the reply; undefined when there is none to give. */
  readonly answer: (raw: string, headers?: Readonly<Record<string, string>>) => Promise<string | undefined>;
}

export function createFixtureServer(options: FixtureServerOptions): FixtureServer;
