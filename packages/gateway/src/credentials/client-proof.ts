import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'oauth4webapi';
import type { Secret } from '../model/secret.js';

/** How the gateway proves to a provider which client it is; without a secret it says so only, and PKCE must do. */
export function clientProof(secret: Secret | undefined, way: 'basic' | 'post'): ClientAuth {
  if (secret === undefined) return None();
  return way === 'basic' ? ClientSecretBasic(secret.reveal()) : ClientSecretPost(secret.reveal());
}
