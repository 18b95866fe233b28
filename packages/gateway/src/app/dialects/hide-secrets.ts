import { hasSecret, maskArguments, maskUrl } from '../config/mask-config.js';
import { isSecretText, refersToSecret } from '../config/secret-like.js';
import { variableName } from './literal-values.js';
import type { Note, Translation, UpstreamInput } from './translation.js';

type Hidden = Pick<Translation, 'config' | 'notes'>;

/**
 * The native form without the secrets that the foreign file has in itself, each with a note: a reference in its place, or
 * the name of a variable where there can be none.
 */
export function findSecretTexts({ config, notes }: Hidden): Hidden {
  const found: Note[] = [];
  const upstreams = Object.entries(config.upstreams).map(
    ([id, upstream]) => [id, hideIn(upstream, id, found)] as const,
  );
  return { config: { ...config, upstreams: Object.fromEntries(upstreams) }, notes: [...notes, ...found] };
}

function hideIn(upstream: UpstreamInput, id: string, found: Note[]): UpstreamInput {
  const refer = (field: string, values: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.entries(values).map(([name, text]) => {
        if (text === '' || refersToSecret(text) || !isSecret(name, text)) return [name, text];
        const variable = variableName(id, name);
        const message = `Set ${variable} to the secret that was written here.`;
        found.push({ at: ['upstreams', id, field, name], message, kind: 'warning' });
        const scheme = /^(?:Bearer|Basic|Token) (?=\S)/i.exec(text)?.[0];
        return [name, scheme === undefined ? `env:${variable}` : `${scheme}\${env:${variable}}`];
      }),
    );
  const cover = (field: string) => (name: string) => {
    const variable = variableName(id, name.replace(/^-+/, ''));
    const message = `Put the secret that was written here in the place of ${variable}.`;
    found.push({ at: ['upstreams', id, field], message, kind: 'warning' });
    return variable;
  };
  if (!('url' in upstream))
    return {
      ...upstream,
      args: maskArguments(upstream.args ?? [], cover('args')),
      env: refer('env', upstream.env),
    };
  const url = hasSecret(upstream.url) ? maskUrl(upstream.url, cover('url')) : upstream.url;
  return { ...upstream, url, headers: refer('headers', upstream.headers) };
}

function isSecret(name: string, text: string): boolean {
  return isSecretText(name, text) || hasSecret(text);
}
