import type { ChannelConfig } from '#contract';
import {
  type ApprovalChannel,
  type ApprovalChannelPlugin,
  type ChannelAnswer,
  type ChannelContext,
  ChannelFault,
} from '../approvals/approval-channel.js';
import type { ChannelOutcome } from '../approvals/channel-outcome.js';
import type { Broker } from '../credentials/broker.js';
import { openEndpoint } from '../credentials/outbound-endpoint.js';
import { isSigned } from '../credentials/signed-text.js';
import type { Clock } from '../lib/clock.js';
import { builtInChannels } from './builtins.js';
import { ConfigError, type ConfigProblem } from './config/config-error.js';
import { formatPath } from './config/describe-value.js';
import type { EffectiveConfig } from './config/effective-config.js';

export interface ChannelDeps {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Whether a terminal asks: `auto` also where the configuration lists no channels. */
  readonly prompt: 'auto' | 'configured' | 'off';
  readonly answer: (channel: string, answer: ChannelAnswer) => Promise<ChannelOutcome>;
}

/** A configured channel, made and not connected yet. */
export interface CreatedChannel {
  readonly name: string;
  readonly channel: ApprovalChannel;
  readonly timeoutMs: number;
  readonly entry: ChannelConfig;
}

const ownTerminal: ChannelConfig = { kind: 'terminal', tenant: 'default', timeoutSeconds: 10 };

/** Where the callbacks of a channel arrive, below the address of the listener for operators. */
function callbackPath(channel: string): string {
  return `/hooks/approvals/${encodeURIComponent(channel)}`;
}

/** The channels of a configuration; rejects with ConfigError with every problem at once. */
export async function createChannels(
  config: EffectiveConfig,
  deps: ChannelDeps,
): Promise<readonly CreatedChannel[]> {
  const entries = wanted(config, deps.prompt);
  const made = await Promise.all(entries.map(({ entry, index }) => create(entry, { index, config, deps })));
  const problems = [
    ...repeatedNames(entries.map(({ entry }) => entry)),
    ...made.flatMap((one) => ('message' in one ? [one] : [])),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return made.flatMap((one) => ('channel' in one ? [one] : []));
}

interface Entry {
  readonly entry: ChannelConfig;
  readonly index: number;
}

function wanted({ approvals }: EffectiveConfig, prompt: ChannelDeps['prompt']): Entry[] {
  const listed = approvals.channels ?? (prompt === 'auto' ? [ownTerminal] : []);
  return listed
    .map((entry, index) => ({ entry, index }))
    .filter(({ entry }) => prompt !== 'off' || !isTerminal(entry));
}

function isTerminal(entry: ChannelConfig): boolean {
  return 'kind' in entry && entry.kind === 'terminal';
}

export function channelName(entry: ChannelConfig): string {
  return 'kind' in entry ? (entry.name ?? entry.kind) : entry.name;
}

/** Records, callbacks and the table of what is still to be told know channels by it. */
function repeatedNames(entries: readonly ChannelConfig[]): ConfigProblem[] {
  const names = entries.map(channelName);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    const message = `found "${name}", which approvals.channels[${first}] has too; expected a name of its own`;
    return first === index ? [] : [{ path: formatPath(['approvals', 'channels', index, 'name']), message }];
  });
}

interface Place {
  readonly index: number;
  readonly config: EffectiveConfig;
  readonly deps: ChannelDeps;
}

async function create(entry: ChannelConfig, place: Place): Promise<CreatedChannel | ConfigProblem> {
  const name = channelName(entry);
  const timeoutMs = entry.timeoutSeconds * 1000;
  try {
    const { plugin, options, at } = pluginOf(entry);
    const parsed = plugin.options.safeParse(options);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new ChannelFault([...at, ...(issue?.path ?? [])], issue?.message ?? 'are not as expected');
    }
    const channel: unknown = await plugin.create(parsed.data, contextOf(name, timeoutMs, place));
    if (!isChannel(channel))
      throw new ChannelFault([], `"${plugin.name}" made no channel: an object with a function "tell"`);
    return { name, channel, timeoutMs, entry };
  } catch (cause) {
    const below = cause instanceof ChannelFault ? cause.path : [];
    const message = cause instanceof Error ? cause.message : String(cause);
    return { path: formatPath(['approvals', 'channels', place.index, ...below]), message };
  }
}

function contextOf(name: string, timeoutMs: number, { config, deps }: Place): ChannelContext {
  const { broker, clock, answer } = deps;
  const now = () => clock.now();
  const { publicUrl } = config.approvals;
  return {
    name,
    timeoutMs,
    baseDir: config.baseDir,
    now,
    after: (ms, run) => clock.after(ms, run),
    callbackUrl: publicUrl === undefined ? undefined : `${withoutSlash(publicUrl)}${callbackPath(name)}`,
    connect(destination) {
      try {
        return openEndpoint(destination, { broker, now });
      } catch (cause) {
        throw new ChannelFault(['url'], cause instanceof Error ? cause.message : String(cause), cause);
      }
    },
    isSigned: (reference, text, mac) => isSigned(broker, reference, { text, mac }),
    answer: (one) => answer(name, one),
  };
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

interface Chosen {
  readonly plugin: ApprovalChannelPlugin;
  readonly options: unknown;
  readonly at: readonly string[];
}

function pluginOf(entry: ChannelConfig): Chosen {
  if ('use' in entry)
    return {
      plugin: entry.use as ApprovalChannelPlugin,
      options: entry.options ?? {},
      at: ['options'],
    };
  const { kind, name: _name, tenant: _tenant, timeoutSeconds: _timeout, ...rest } = entry;
  const { people: _people, ...options } = { people: undefined, ...rest };
  return { plugin: builtInChannels[kind], options, at: [] };
}

function isChannel(value: unknown): value is ApprovalChannel {
  if (typeof value !== 'object' || value === null || !('tell' in value)) return false;
  return typeof value.tell === 'function';
}
