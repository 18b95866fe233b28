import type { Config } from '#contract';
import { isSecretName, refersToSecret } from './secret-like.js';

/** Sentences about secrets that stand in the configuration itself instead of being referred to. */
export function findLiteralSecrets(config: Config): string[] {
  return Object.entries(config.upstreams).flatMap(([id, upstream]) => {
    const [field, values] = 'url' in upstream ? ['headers', upstream.headers] : ['env', upstream.env];
    return Object.entries(values)
      .filter(([name, value]) => value !== '' && isSecretName(name) && !refersToSecret(value))
      .map(([name]) => {
        const remedy = `keep it elsewhere and refer to it: env:NAME, file:PATH, or "Bearer \${env:NAME}"`;
        return `upstreams.${id}.${field}.${name}: the secret is written in the configuration; ${remedy}`;
      });
  });
}
