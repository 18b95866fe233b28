import type { EvaluatorConfig } from '#contract';
import type { Broker } from '../credentials/broker.js';
import { openEndpoint } from '../credentials/outbound-endpoint.js';
import type { Clock } from '../lib/clock.js';
import { canonicalJson, digest } from '../lib/json/canonical-json.js';
import type { JsonValue } from '../model/json.js';
import type { AttachedEvaluator, Evaluator } from '../policy/evaluator.js';
import { type EvaluatorContext, EvaluatorFault, type EvaluatorPlugin } from '../policy/evaluator-plugin.js';
import { builtInEvaluators, functionPlugin } from './builtins.js';
import { ConfigError, type ConfigProblem } from './config/config-error.js';
import { formatPath } from './config/describe-value.js';
import type { EffectiveConfig } from './config/effective-config.js';

export interface EvaluatorDeps {
  readonly broker: Broker;
  readonly clock: Clock;
}

/** The evaluators of a configuration, ready to answer; rejects with ConfigError with every problem at once. */
export async function createEvaluators(
  config: EffectiveConfig,
  deps: EvaluatorDeps,
): Promise<AttachedEvaluator[]> {
  const created = await Promise.all(
    config.evaluators.map((entry, index) => attach(entry, { index, config, deps })),
  );
  const problems = [
    ...repeatedNames(config.evaluators),
    ...created.flatMap((one) => ('message' in one ? [one] : [])),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return created.flatMap((one) => ('evaluator' in one ? [one] : []));
}

/** Records and explanations name evaluators by it. */
function repeatedNames(entries: readonly EvaluatorConfig[]): ConfigProblem[] {
  return entries.flatMap(({ name }, index) => {
    const first = entries.findIndex((one) => one.name === name);
    const message = `found "${name}", which evaluators[${first}] has too; expected a name of its own`;
    return first === index ? [] : [{ path: formatPath(['evaluators', index, 'name']), message }];
  });
}

interface Place {
  readonly index: number;
  readonly config: EffectiveConfig;
  readonly deps: EvaluatorDeps;
}

async function attach(entry: EvaluatorConfig, place: Place): Promise<AttachedEvaluator | ConfigProblem> {
  const { name, timeoutSeconds, shadow, onFault } = entry;
  const timeoutMs = timeoutSeconds * 1000;
  try {
    const evaluator = await create(entry, contextOf(name, timeoutMs, place));
    return {
      evaluator,
      timeoutMs,
      revision: digest(entryDomain, canonicalJson(contentOf(entry))),
      ...(shadow && { shadow }),
      ...(onFault === 'abstain' && { onFault }),
    };
  } catch (cause) {
    const below = cause instanceof EvaluatorFault ? cause.path : [];
    const message = cause instanceof Error ? cause.message : String(cause);
    return { path: formatPath(['evaluators', place.index, ...below]), message };
  }
}

function contextOf(name: string, timeoutMs: number, { config, deps }: Place): EvaluatorContext {
  const now = () => deps.clock.now();
  return {
    name,
    timeoutMs,
    baseDir: config.baseDir,
    now,
    connect(destination) {
      try {
        return openEndpoint(destination, { broker: deps.broker, now });
      } catch (cause) {
        throw new EvaluatorFault(['url'], cause instanceof Error ? cause.message : String(cause), cause);
      }
    },
  };
}

async function create(entry: EvaluatorConfig, context: EvaluatorContext): Promise<Evaluator> {
  const { plugin, options, at } = pluginOf(entry);
  const parsed = plugin.options.safeParse(options);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new EvaluatorFault([...at, ...(issue?.path ?? [])], issue?.message ?? 'are not as expected');
  }
  const evaluator: unknown = await plugin.create(parsed.data, context);
  if (isEvaluator(evaluator)) return { ...bound(evaluator), name: context.name };
  throw new EvaluatorFault([], `"${plugin.name}" made no evaluator: an object with a function "evaluate"`);
}

interface Chosen {
  readonly plugin: EvaluatorPlugin;
  readonly options: unknown;
  readonly at: readonly string[];
}

function pluginOf(entry: EvaluatorConfig): Chosen {
  if ('use' in entry) {
    const { use, options = {} } = entry;
    if (typeof use === 'function') return { plugin: functionPlugin, options: use, at: ['use'] };
    return { plugin: use as EvaluatorPlugin, options, at: ['options'] };
  }
  const {
    name: _name,
    kind,
    timeoutSeconds: _timeout,
    shadow: _shadow,
    onFault: _onFault,
    ...options
  } = entry;
  return { plugin: builtInEvaluators[kind], options, at: [] };
}

function isEvaluator(value: unknown): value is Evaluator {
  if (typeof value !== 'object' || value === null || !('evaluate' in value)) return false;
  return typeof value.evaluate === 'function';
}

/** A class may be what a plug-in makes; its methods keep their object. */
function bound(evaluator: Evaluator): Evaluator {
  const { revision } = evaluator;
  return {
    name: evaluator.name,
    ...(revision !== undefined && { revision }),
    evaluate: (question, signal) => evaluator.evaluate(question, signal),
    ...(evaluator.list && { list: (question) => evaluator.list?.(question) ?? { effect: 'abstain' } }),
  };
}

/** The domain byte of evaluators among the things that are hashed. */
const entryDomain = 0x19;

/** How an evaluator is configured, as JSON; of code that is its text. */
function contentOf(entry: EvaluatorConfig): JsonValue {
  if (!('use' in entry)) return plain(entry);
  const { use, ...rest } = entry;
  const code = typeof use === 'function' ? use.toString() : (use as EvaluatorPlugin).create.toString();
  return plain({ ...rest, use: `${use.name}: ${code}` });
}

/** What is no JSON stands as its kind. */
function plain(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'function') return String(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return `[${typeof value}]`;
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(members.map(([name, inner]) => [name, plain(inner)]));
}
