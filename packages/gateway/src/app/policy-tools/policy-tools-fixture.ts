import type { ConfigInput } from '#contract';
import type { EffectiveConfig } from '../config/effective-config.js';
import { configInMemory } from '../config/load-config.js';
import { type OfferSnapshot, offersOf } from './offer-snapshot.js';
import type { PolicyBench } from './policy-bench.js';
import { withBench } from './with-bench.js';

type RuleInput = NonNullable<NonNullable<ConfigInput['policy']>['rules']>[number];

/** A tool definition whose arguments are of these types. */
export function defined(name: string, types: Record<string, string> = {}, more: object = {}): object {
  const properties = Object.fromEntries(Object.entries(types).map(([arg, type]) => [arg, { type }]));
  return { name, inputSchema: { type: 'object', properties }, ...more };
}

const usualTools = [
  defined('read_file', { path: 'string' }, { annotations: { readOnlyHint: true } }),
  defined('write_file', { path: 'string', content: 'string' }),
  defined('transfer', { to: 'string', amount: 'number' }),
];

/** A configuration with one upstream, `files`, and these rules. */
export function configOf(
  rules: readonly RuleInput[],
  more: Partial<ConfigInput> = {},
): Promise<EffectiveConfig> {
  const upstreams = { files: { command: 'offline' } };
  return configInMemory({ upstreams, policy: { rules: [...rules] }, ...more }, '/', { environment: {} });
}

/** What `files` offers: read_file, write_file and transfer, unless other definitions are given. */
export function offered(tools: readonly object[] = usualTools): OfferSnapshot {
  return offersOf({ files: { tools } });
}

/** Asks something of rules over what `files` offers. */
export async function onBench<Result>(
  rules: readonly RuleInput[],
  use: (bench: PolicyBench) => Promise<Result> | Result,
  tools?: readonly object[],
): Promise<Result> {
  return withBench(await configOf(rules), offered(tools), use);
}
