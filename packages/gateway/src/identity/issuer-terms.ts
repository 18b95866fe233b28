import type { IssuerConfig, SignInConfig } from '#contract';
import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { JsonValue } from '../model/json.js';

/** First byte of what the terms of an issuer are hashed over. */
const termsDomain = 0x21;

/**
 * A digest of all that the configuration says of an issuer: the same terms take the same token for the
 * same caller.
 */
export function issuerTerms(issuer: IssuerConfig | SignInConfig): string {
  return digest(termsDomain, canonicalJson(JSON.parse(JSON.stringify(issuer)) as JsonValue));
}
