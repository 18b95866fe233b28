import type { ChannelConfig, Config, EvaluatorConfig, UpstreamConfig } from '#contract';
import { isSecretName, refersToSecret } from './secret-like.js';

const masked = '[masked]';

/** The configuration as people may see it: references stay, literal headers and variables and everything secret-like go. */
export function maskConfig(config: Config): Config {
  const upstreams = Object.entries(config.upstreams).map(
    ([id, upstream]) => [id, maskUpstream(upstream)] as const,
  );
  return {
    ...config,
    upstreams: Object.fromEntries(upstreams),
    evaluators: config.evaluators.map(maskEvaluator),
    ...maskChannels(config),
  };
}

function maskEvaluator(evaluator: EvaluatorConfig): EvaluatorConfig {
  if (!('headers' in evaluator)) return evaluator;
  return { ...evaluator, url: maskUrl(evaluator.url), headers: maskValues(evaluator.headers) };
}

function maskChannels({ approvals }: Config): Pick<Config, 'approvals'> {
  const { channels } = approvals;
  return {
    approvals: channels === undefined ? approvals : { ...approvals, channels: channels.map(maskChannel) },
  };
}

function maskChannel(channel: ChannelConfig): ChannelConfig {
  if (!('headers' in channel)) return channel;
  return { ...channel, url: maskUrl(channel.url), headers: maskValues(channel.headers) };
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

/** What to show in the place of a secret that has this name. */
type Cover = (name: string) => string;

/** A URL without its password and without the values of secret-like parameters. */
export function maskUrl(text: string, cover: Cover = () => 'masked'): string {
  if (!URL.canParse(text)) return masked;
  const url = new URL(text);
  if (url.password !== '') url.password = cover('password');
  for (const name of new Set(url.searchParams.keys()))
    if (isSecretName(name)) url.searchParams.set(name, cover(name));
  return url.href;
}

/** Arguments of a program without the values of secret-like flags, variables and headers, and without passwords in URLs. */
export function maskArguments(args: readonly string[], cover: Cover = () => masked): string[] {
  return args.map((argument, index) => {
    const [, name = '', between = ''] = /^(-{0,2}[^=:\s]+)(=|: ?)./s.exec(argument) ?? [];
    if (isSecretName(name)) return `${name}${between}${cover(name)}`;
    const before = args[index - 1];
    const named = before?.startsWith('-') === true && !before.includes('=') && isSecretName(before);
    if (named && !argument.startsWith('-')) return cover(before);
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(argument) && hasSecret(argument)
      ? maskUrl(argument, cover)
      : argument;
  });
}

/** Whether a text is a URL with a password or a secret-like parameter. */
export function hasSecret(text: string): boolean {
  if (!URL.canParse(text)) return /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*:[^/\s]*@/i.test(text);
  const url = new URL(text);
  return url.password !== '' || [...url.searchParams.keys()].some(isSecretName);
}
