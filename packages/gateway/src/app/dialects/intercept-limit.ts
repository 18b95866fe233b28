import { pathOf } from './intercept-condition.js';
import type { Part } from './part.js';
import { type LimitInput, ruleIdOf } from './translation.js';

const windows = ['minute', 'hour', 'day'] as const;

const windowSeconds = { minute: 60, hour: 3_600, day: 86_400 } as const;
const longestUnit = 16;

/** `N/minute`, in windows of the clock of UTC, over all callers. */
export function shorthandLimit(part: Part): LimitInput | undefined {
  const text = part.requiredText('a number of calls and a window, such as 5/minute');
  if (text === undefined) return undefined;
  const [, count = '', word] = /^(\d{1,9})\/(\w+)$/.exec(text) ?? [];
  const window = windows.find((one) => one === word);
  if (window === undefined || Number(count) < 1)
    return part.refuse(`found ${JSON.stringify(text)}; expected such as 5/minute, 100/hour or 1000/day`);
  return {
    kind: 'rate',
    max: Number(count),
    windowSeconds: windowSeconds[window],
    algorithm: 'fixed',
    per: [],
  };
}

/** Where a counter is counted: what `state.<scope>.<counter>` names. */
export interface CounterPath {
  readonly scope: string;
  readonly counter: string;
}

export function counterPath(text: unknown): CounterPath | undefined {
  if (typeof text !== 'string' || !text.startsWith('state.')) return undefined;
  const end = text.lastIndexOf('.');
  const scope = text.slice('state.'.length, end);
  const counter = text.slice(end + 1);
  return scope === '' || counter === '' ? undefined : { scope, counter };
}

/**
 * The budget that a counter and the condition on it stand for. Amounts come from the call, so that a negative one, or one
 * that is no number, refuses it, and a call to the tool without the argument, too.
 */
export function counterLimit(state: Part, condition: Part, tool: string): LimitInput | undefined {
  state.withKeys(['counter', 'window', 'increment', 'increment_from']);
  condition.withKeys(['path', 'op', 'value']);
  const counter = state.at('counter').requiredText('the name of a counter');
  const window = state.at('window').requiredOneOf(windows);
  const path = counterPath(condition.at('path').value);
  if (counter === undefined || path === undefined) return undefined;
  if (path.counter !== counter || (path.scope !== tool && path.scope !== '_global'))
    return condition
      .at('path')
      .refuse(
        `found another counter than the rule counts; expected "state.${tool}.${counter}" or "state._global.${counter}"`,
      );
  const op = condition.at('op').requiredOneOf(['lt', 'lte']);
  const limit = condition.at('value').requiredNumber({ least: 0, most: 9_000_000 });
  const increment = state.at('increment').number({ least: 0.000001, most: 9_000_000 }) ?? 1;
  const source = state.at('increment_from');
  const names = source.isPresent ? pathOf(source) : undefined;
  if (op === undefined || limit === undefined || window === undefined) return undefined;
  if (source.isPresent && names === undefined) return undefined;
  return {
    kind: 'budget',
    id: ruleIdOf(`${path.scope}.${counter}`),
    max: op === 'lte' ? limit : Math.max(0, Math.round(limit * 1e6 - 1) / 1e6),
    unit: counter.slice(0, longestUnit),
    window,
    per: [],
    cost: names === undefined ? { fixed: increment } : argumentCost(names, tool),
    refundOn: ['rpc_error'],
  };
}

/** Of all tools, those that have no such argument cost nothing. */
function argumentCost(names: readonly string[], tool: string): { argument: string; optional?: boolean } {
  return { argument: names.join('.'), ...(tool === '*' ? { optional: true } : {}) };
}
