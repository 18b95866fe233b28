import type { ChannelConfig, EvaluatorConfig } from '#contract';
import type { ApprovalChannelPlugin } from '../approvals/approval-channel.js';
import { slack } from '../approvals/channels/slack.js';
import { terminal } from '../approvals/channels/terminal.js';
import { webhook as webhookChannel } from '../approvals/channels/webhook.js';
import type { SecretSource } from '../credentials/secret-source.js';
import { createEnvSource } from '../credentials/sources/env.js';
import { createFileSource } from '../credentials/sources/file.js';
import type { Authenticator } from '../identity/authenticator.js';
import { ApiKeyAuthenticator, type ApiKeyOptions } from '../identity/authenticators/api-key.js';
import { JwtAuthenticator, type JwtOptions } from '../identity/authenticators/jwt.js';
import {
  StaticTokenAuthenticator,
  type StaticTokenOptions,
} from '../identity/authenticators/static-token.js';
import type { EvaluatorPlugin } from '../policy/evaluator-plugin.js';
import { allowList } from '../policy/evaluators/allow-list.js';
import { cedar } from '../policy/evaluators/cedar.js';
import { functionEvaluator } from '../policy/evaluators/function.js';
import { opa } from '../policy/evaluators/opa.js';
import { opaWasm } from '../policy/evaluators/opa-wasm.js';
import { risk } from '../policy/evaluators/risk.js';
import { webhook } from '../policy/evaluators/webhook.js';
import type { Connect } from '../upstreams/connection.js';
import { createHttpConnect } from '../upstreams/connectors/http.js';
import { createSseConnect } from '../upstreams/connectors/sse.js';
import { createStdioConnect } from '../upstreams/connectors/stdio.js';

/** The product as a list: every built-in, and nothing else names one. */

export interface SourceContext {
  readonly environment: Readonly<Record<string, string>>;
  readonly baseDir: string;
}

export function builtInSources({ environment, baseDir }: SourceContext): SecretSource[] {
  return [createEnvSource(environment), createFileSource(baseDir)];
}

/** One configured bearer token and whom it names. */
export type StaticToken = StaticTokenOptions['tokens'][number];

/** What each way to prove who calls works with. */
export interface AuthenticatorParts {
  readonly keys: ApiKeyOptions;
  readonly tokens: StaticTokenOptions;
  readonly jwt: JwtOptions;
}

/** In the order in which they look at a token; what only a request can settle comes last. */
export function builtInAuthenticators({ keys, tokens, jwt }: AuthenticatorParts): Authenticator[] {
  return [new ApiKeyAuthenticator(keys), new StaticTokenAuthenticator(tokens), new JwtAuthenticator(jwt)];
}

export function builtInConnectors(): { stdio: Connect; http: Connect; sse: Connect } {
  return { stdio: createStdioConnect(), http: createHttpConnect(), sse: createSseConnect() };
}

type EvaluatorKind = Extract<EvaluatorConfig, { readonly kind: string }>['kind'];

/** By the kind that configurations name them with. */
export const builtInEvaluators: Readonly<Record<EvaluatorKind, EvaluatorPlugin>> = {
  'allow-list': allowList,
  risk,
  webhook,
  opa,
  'opa-wasm': opaWasm,
  cedar,
};

type ChannelKind = Extract<ChannelConfig, { readonly kind: string }>['kind'];

/** Where people are asked, by the kind that configurations name. */
export const builtInChannels: Readonly<Record<ChannelKind, ApprovalChannelPlugin>> = {
  terminal,
  slack,
  webhook: webhookChannel,
};

/** Makes an evaluator of a plain function. */
export const functionPlugin = functionEvaluator;
