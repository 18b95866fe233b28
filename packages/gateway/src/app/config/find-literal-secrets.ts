import type { Config } from '#contract';
import { isSecretName, refersToSecret } from './secret-like.js';

/** Sentences about secrets that stand in the configuration itself instead of being referred to. */
export function findLiteralSecrets(config: Config): string[] {
  const ofUpstreams = Object.entries(config.upstreams).flatMap(([id, upstream]) =>
    'url' in upstream
      ? literalsIn(upstream.headers, `upstreams.${id}.headers`)
      : literalsIn(upstream.env, `upstreams.${id}.env`),
  );
  const ofEvaluators = config.evaluators.flatMap((evaluator, index) =>
    'headers' in evaluator ? literalsIn(evaluator.headers, `evaluators[${index}].headers`) : [],
  );
  const ofChannels = (config.approvals.channels ?? []).flatMap((channel, index) =>
    'headers' in channel ? literalsIn(channel.headers, `approvals.channels[${index}].headers`) : [],
  );
  return [...ofUpstreams, ...ofEvaluators, ...ofChannels];
}

function literalsIn(values: Readonly<Record<string, string>>, place: string): string[] {
  return Object.entries(values)
    .filter(([name, value]) => value !== '' && isSecretName(name) && !refersToSecret(value))
    .map(([name]) => {
      const remedy = `keep it elsewhere and refer to it: env:NAME, file:PATH, or "Bearer \${env:NAME}"`;
      return `${place}.${name}: the secret is written in the configuration; ${remedy}`;
    });
}
