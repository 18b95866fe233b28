import { type History, HistoryFault, type NamedTarget } from '../../model/history.js';
import { handlesIn } from '../data-handles.js';
import { compileName, type NamePattern } from '../name-pattern.js';
import { looseNames } from '../target-names.js';
import type { CelFunction, FunctionTools } from './cel-function.js';
import { functionFault } from './function-fault.js';

/** The variable `history` of a condition: what the caller did, as seen from one decision. */
export class HistoryView {
  readonly #history: History;
  readonly #at: number;

  constructor(history: History, at: number) {
    this.#history = history;
    this.#at = at;
  }

  calls(pattern: NamePattern, lastMs?: number): bigint {
    const since = lastMs === undefined ? undefined : this.#at - lastMs;
    return BigInt(this.#history.count((target) => means(pattern, target), since));
  }

  last(): string {
    return this.#history.last()?.exposedName ?? '';
  }

  dataFrom(pattern: NamePattern, handles: Iterable<string>): boolean {
    return this.#history.gave(handles, (target) => means(pattern, target));
  }
}

/** The CEL type of `history`. */
export const historyType = 'History';

/** Of the arguments of one call; texts beyond are documents, whose beginning is looked at. */
const argumentLimits = { mostHandles: 4_096, mostCharacters: 1_048_576 };

export function historyFunctions({ work }: FunctionTools): CelFunction[] {
  const patterns = new Map<string, NamePattern>();
  const patternOf = (text: string) => {
    const pattern = patterns.get(text);
    if (pattern === undefined) throw functionFault('has a pattern that was not compiled at load');
    return pattern;
  };
  const check = (text: string) => void patterns.set(text, compileName(text));
  const argument = { index: 0, noun: 'pattern', literal: true, check } as const;
  return [
    {
      name: 'calls',
      overloads: {
        [`${historyType}.calls(string): int`]: (view: HistoryView, text: string) =>
          told(() => view.calls(patternOf(text))),
        [`${historyType}.calls(string, google.protobuf.Duration): int`]: (
          view: HistoryView,
          text: string,
          last: { valueOf(): number },
        ) => told(() => view.calls(patternOf(text), last.valueOf())),
      },
      argument,
    },
    { name: 'last', overloads: { [`${historyType}.last(): string`]: (view: HistoryView) => view.last() } },
    {
      name: 'dataFrom',
      overloads: {
        [`${historyType}.dataFrom(string, dyn): bool`]: (view: HistoryView, text: string, value: unknown) => {
          const { found, complete } = handlesIn(value, argumentLimits);
          work.spend(found.size * 1_000);
          if (told(() => view.dataFrom(patternOf(text), found))) return true;
          if (!complete) throw functionFault('is followed in arguments that are too long');
          return false;
        },
      },
      argument,
    },
  ];
}

function means(pattern: NamePattern, target: NamedTarget): boolean {
  return looseNames(target).some((name) => pattern.matches(name));
}

function told<Value>(run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    throw error instanceof HistoryFault ? functionFault(`cannot be answered: ${error.message}`) : error;
  }
}
