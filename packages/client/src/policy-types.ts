import type { JsonObject } from './types.js';

export type Effect = 'allow' | 'ask' | 'deny' | 'hide' | 'limit';

/** A rule as in the configuration file. */
export interface Rule {
  readonly id: string;
  readonly effect: Effect;
  readonly match?: JsonObject;
  readonly when?: string;
  readonly during?: readonly string[];
  readonly reason?: string;
  readonly shadow?: boolean;
  readonly limits?: readonly JsonObject[];
  readonly approval?: JsonObject;
}

/** A policy as it is sent: rules, or the body of one policy of Haldir. */
export interface PolicyDraft {
  readonly description?: string;
  readonly rules?: readonly Rule[];
  readonly haldir?: JsonObject;
}

/** A policy that is in force. */
export interface Policy extends PolicyDraft {
  /** `file` for that of the configuration file. */
  readonly name: string;
  /** What comes from the file is not changed over REST. */
  readonly source: 'file' | 'api';
  readonly revision: string;
  readonly rules: readonly Rule[];
  /** Of the file: the answer where no rule has one. */
  readonly default?: 'allow' | 'deny';
  readonly version?: number;
  /** RFC 3339, UTC. */
  readonly at?: string;
  readonly by?: string;
  readonly note?: string;
}

export interface PolicyVersion extends PolicyDraft {
  readonly version: number;
  readonly revision: string;
  readonly at: string;
  readonly by: string;
  readonly note?: string;
  /** The policy ended with this version. */
  readonly removed?: boolean;
}

/** A call that nobody makes: name one of tool, prompt and resource. */
export interface PolicyQuestion {
  readonly tool?: string;
  readonly prompt?: string;
  readonly resource?: string;
  readonly method?: string;
  readonly arguments?: JsonObject;
  /** A principal. */
  readonly as?: string;
  readonly roles?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly at?: Date;
}

export interface Explanation {
  readonly decision: { readonly effect: string; readonly reason: string; readonly rule?: string };
  readonly rules: readonly { readonly id: string; readonly matched: boolean; readonly why?: string }[];
  readonly invalidArguments?: string;
  readonly wouldAllow?: readonly string[];
}

export interface PolicyFinding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly rule?: string;
  readonly target?: string;
}

export interface PolicyDiff {
  readonly rules: readonly { readonly what: string; readonly id?: string; readonly change: string }[];
  readonly samples: number;
  readonly changes: readonly {
    readonly target: string;
    readonly caller: string;
    readonly before: string;
    readonly after: string;
    readonly direction: 'looser' | 'tighter' | 'other';
  }[];
}

/** A server over HTTP as in the configuration file. */
export interface UpstreamSettings {
  readonly url: string;
  readonly transport?: 'http' | 'sse';
  /** Secrets are referred to: `env:UPSTREAM_KEY`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  readonly [setting: string]: unknown;
}

/** What a server answers and offers. */
export interface UpstreamTest {
  readonly state: 'starting' | 'up' | 'down' | 'stopped';
  readonly reason?: string;
  readonly tools: readonly string[];
  readonly prompts: readonly string[];
  readonly resources: readonly string[];
}
