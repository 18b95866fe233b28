import type { Config, UpstreamConfig } from '#contract';
import { isSecretName, refersToSecret } from './secret-like.js';

const masked = '[masked]';

/** The configuration as people may see it: references stay, literal headers and variables and everything secret-like go. */
export function maskConfig(config: Config): Config {
  const upstreams = Object.entries(config.upstreams).map(
    ([id, upstream]) => [id, maskUpstream(upstream)] as const,
  );
  return { ...config, upstreams: Object.fromEntries(upstreams) };
}

function maskUpstream(upstream: UpstreamConfig): UpstreamConfig {
  if ('url' in upstream)
    return { ...upstream, url: maskUrl(upstream.url), headers: maskValues(upstream.headers) };
  return { ...upstream, args: maskArguments(upstream.args), env: maskValues(upstream.env) };
}

function maskValues(values: Record<string, string>): Record<string, string> {
  const shown = (text: string) => (refersToSecret(text) ? maskAround(text) : masked);
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, shown(text)]));
}

/** Keeps the references and the scheme word before them (`Bearer ${…}`); other literal parts may be half a secret. */
function maskAround(text: string): string {
  if (/^(env|file):/.test(text)) return text;
  const parts = text.split(/(\$\{(?:env|file):[^}]+\})/);
  return parts
    .map((part) => (/^\$\{(?:env|file):/.test(part) || /^(?:[A-Za-z]{0,12} )?$/.test(part) ? part : masked))
    .join('');
}

/** A URL without its password and without the values of secret-like parameters. */
function maskUrl(text: string): string {
  if (!URL.canParse(text)) return masked;
  const url = new URL(text);
  if (url.password !== '') url.password = 'masked';
  for (const name of new Set(url.searchParams.keys()))
    if (isSecretName(name)) url.searchParams.set(name, 'masked');
  return url.href;
}

function maskArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => {
    const assignment = /^(-{0,2}[^=\s]+)=(.+)$/s.exec(argument);
    if (assignment !== null && isSecretName(assignment[1] ?? '')) return `${assignment[1]}=${masked}`;
    const before = args[index - 1];
    const named = before?.startsWith('-') === true && !before.includes('=') && isSecretName(before);
    if (named && !argument.startsWith('-')) return masked;
    return /^[a-z]+:\/\/[^/\s]*:[^/\s]*@/i.test(argument) ? maskUrl(argument) : argument;
  });
}
