import type { SecretSource } from '../credentials/secret-source.js';
import { createEnvSource } from '../credentials/sources/env.js';
import { createFileSource } from '../credentials/sources/file.js';
import type { Authenticator } from '../identity/authenticator.js';
import { ApiKeyAuthenticator, type ApiKeyOptions } from '../identity/authenticators/api-key.js';
import {
  StaticTokenAuthenticator,
  type StaticTokenOptions,
} from '../identity/authenticators/static-token.js';
import type { Connect } from '../upstreams/connection.js';
import { createHttpConnect } from '../upstreams/connectors/http.js';
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

export function builtInAuthenticators(keys: ApiKeyOptions, tokens: StaticTokenOptions): Authenticator[] {
  return [new ApiKeyAuthenticator(keys), new StaticTokenAuthenticator(tokens)];
}

export function builtInConnectors(): { stdio: Connect; http: Connect } {
  return { stdio: createStdioConnect(), http: createHttpConnect() };
}
