import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision, Question } from '../../model/decision.js';
import { compilePolicy, type Policy } from '../../policy/policy.js';
import type { EffectiveConfig } from '../config/effective-config.js';
import { loadConfig, readConfigFile } from '../config/load-config.js';
import { policySpecOf } from '../config/policy-spec.js';
import { nativeText } from './native-text.js';
import { translateFile } from './translate-file.js';

/** A foreign file as it was printed, loaded as it stands and again from what it is migrated to. */
export interface Loaded {
  readonly config: EffectiveConfig;
  readonly policy: Policy;
  readonly migrated: string;
  readonly migratedPolicy: Policy;
}

/** Loads a text as a file of this name; `environment` is all that `env:` references find. */
export async function loadForeign(
  name: string,
  text: string,
  environment: Record<string, string> = {},
): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), 'dialect-'));
  try {
    const file = join(folder, name);
    await writeFile(file, text);
    const config = await loadConfig({ file, environment });
    const translation = translateFile(await readConfigFile(file));
    if (translation === undefined) throw new Error(`${name} was taken for a native file`);
    const migrated = nativeText(translation);
    const native = join(folder, 'native.yaml');
    await writeFile(native, migrated);
    const other = await loadConfig({ file: native, environment: { ...translation.secrets, ...environment } });
    return { config, policy: policyOf(config), migrated, migratedPolicy: policyOf(other) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What is wrong with a text that is no valid file of its dialect, one line each, without the folder. */
export async function faultsOfForeign(name: string, text: string): Promise<string[]> {
  try {
    await loadForeign(name, text);
    return [];
  } catch (error) {
    return (error instanceof Error ? error.message : String(error))
      .split('\n')
      .map((line) => line.replace(/^\S*\/dialect-\w+\//, ''));
  }
}

/** The decision of both, which must be one and the same. */
export function decideTwice({ policy, migratedPolicy }: Loaded, question: Question): Decision {
  const [decision, again] = [policy.decide(question), migratedPolicy.decide(question)];
  if (JSON.stringify(decision, asText) !== JSON.stringify(again, asText))
    throw new Error(`decided otherwise after the migration: ${JSON.stringify([decision, again], asText)}`);
  return decision;
}

/** The effect, and the ids of the limits that a call must keep to: `allow calls.a calls.b`. */
export function outcomeOf(loaded: Loaded, question: Question): string {
  const { effect, obligations } = decideTwice(loaded, question);
  return [effect, ...(obligations?.limits ?? []).map(({ id }) => id).sort()].join(' ');
}

function policyOf(config: EffectiveConfig): Policy {
  return compilePolicy(policySpecOf(config));
}

function asText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
