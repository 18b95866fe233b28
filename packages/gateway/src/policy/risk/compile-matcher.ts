import { RE2JS } from 're2js';
import { GlobFault } from '../../lib/glob.js';
import { valueAt } from '../../lib/json/value-at.js';
import type { JsonValue } from '../../model/json.js';
import { compileName, createPatternSet } from '../name-pattern.js';
import type { ContextKey, Matcher, Names, Scalar, WhenMissing } from './matcher.js';
import type { RiskAction } from './risk-action.js';

/** Whether a rule matches; `review` and `block` are what follows where that cannot be told. */
export type Match = boolean | 'review' | 'block';

export type CompiledMatcher = (action: RiskAction) => Match;

/** A pattern that does not compile; the message says what is wrong and the path where. */
export class MatcherFault extends Error {
  readonly path: readonly PropertyKey[];

  constructor(path: readonly PropertyKey[], message: string) {
    super(message);
    this.path = path;
  }
}

type Path = readonly PropertyKey[];

/** Throws MatcherFault. Every matcher costs time proportional to pattern times value, whatever the pattern. */
export function compileMatcher(matcher: Matcher, path: Path = []): CompiledMatcher {
  const parts = Object.entries(matcher).flatMap(([name, value]) =>
    value === undefined ? [] : [compilePart(name as keyof Matcher, matcher, [...path, name])],
  );
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : every(parts);
}

/** Whether it says the same whatever the arguments are. */
export function readsArguments(matcher: Matcher): boolean {
  return Object.entries(matcher).some(([name, value]) => {
    if (value === undefined) return false;
    if (name === 'all' || name === 'any') return (value as Matcher[]).some(readsArguments);
    if (name === 'not') return readsArguments(value as Matcher);
    return name === 'destination' || name.startsWith('context');
  });
}

function compilePart(name: keyof Matcher, matcher: Matcher, path: Path): CompiledMatcher {
  switch (name) {
    case 'all':
      return every(eachOf(matcher.all, path));
    case 'any':
      return some(eachOf(matcher.any, path));
    case 'not':
      return negated(compileMatcher(matcher.not ?? {}, path));
    case 'system':
    case 'action':
    case 'actor': {
      const has = namesOf(matcher[name], path);
      return (action) => has(action[name]);
    }
    case 'tool': {
      const has = namesOf(matcher.tool, path);
      return ({ tools }) => tools.some(has);
    }
    case 'destination':
      return destinations(namesOf(matcher.destination, path));
    default:
      return compileContext(name, matcher, path);
  }
}

function eachOf(matchers: readonly Matcher[] = [], path: Path): CompiledMatcher[] {
  return matchers.map((one, index) => compileMatcher(one, [...path, index]));
}

function compileContext(name: keyof Matcher, matcher: Matcher, path: Path): CompiledMatcher {
  const { contextGt, contextGte, contextLt, contextLte, contextEq, contextIn, contextRegex } = matcher;
  switch (name) {
    case 'contextGt':
      return contextGt ? compared(contextGt, (found) => found > contextGt.value) : always;
    case 'contextGte':
      return contextGte ? compared(contextGte, (found) => found >= contextGte.value) : always;
    case 'contextLt':
      return contextLt ? compared(contextLt, (found) => found < contextLt.value) : always;
    case 'contextLte':
      return contextLte ? compared(contextLte, (found) => found <= contextLte.value) : always;
    case 'contextEq':
      return contextEq ? equal(contextEq, [contextEq.value]) : always;
    case 'contextIn':
      return contextIn ? equal(contextIn, contextIn.values) : always;
    case 'contextRegex':
      return contextRegex ? found(contextRegex, path) : always;
    case 'contextExists': {
      const at = pathOf(matcher.contextExists ?? []);
      return ({ context }) => valueAt(context, at) !== undefined;
    }
    default:
      throw new MatcherFault(path, `"${String(name)}" is no matcher`);
  }
}

interface Tested {
  readonly key: ContextKey;
  readonly whenMissing?: WhenMissing | undefined;
}

/** `test` answers undefined for values that it cannot judge. */
function contextTest(
  { key, whenMissing = 'review' }: Tested,
  test: (value: JsonValue) => boolean | undefined,
): CompiledMatcher {
  const at = pathOf(key);
  const otherwise = whenMissing === 'match' ? true : whenMissing === 'no_match' ? false : whenMissing;
  return ({ context }) => {
    const value = valueAt(context, at);
    return (value === undefined ? undefined : test(value)) ?? otherwise;
  };
}

/** No coercion: the text "500" is no number. */
function compared(tested: Tested, test: (value: number | bigint) => boolean): CompiledMatcher {
  return contextTest(tested, (value) =>
    typeof value === 'number' || typeof value === 'bigint' ? test(value) : undefined,
  );
}

/** A value of another type than all of the wanted ones cannot be compared with them. */
function equal(tested: Tested, values: readonly Scalar[]): CompiledMatcher {
  const types = new Set(values.map((value) => typeof value));
  return contextTest(tested, (value) => {
    if (typeof value === 'bigint') return types.has('number') ? false : undefined;
    return types.has(typeof value as 'string') ? values.includes(value as Scalar) : undefined;
  });
}

function found(tested: Tested & { readonly pattern: string }, path: Path): CompiledMatcher {
  const expression = expressionOf(tested.pattern, path);
  return contextTest(tested, (value) =>
    typeof value === 'string' ? expression.matcher(value).find() : undefined,
  );
}

function expressionOf(pattern: string, path: Path): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown fault';
    throw new MatcherFault([...path, 'pattern'], `is not a regular expression RE2 takes: ${why}`);
  }
}

function destinations(has: (name: string) => boolean): CompiledMatcher {
  return ({ destinations: all }) => {
    const matching = all.filter(has).length;
    if (matching === 0) return false;
    return matching === all.length ? true : 'review';
  };
}

function namesOf(names: Names | undefined, path: Path): (name: string) => boolean {
  const texts = typeof names === 'string' ? [names] : (names ?? []);
  try {
    const set = createPatternSet(texts.map(compileName));
    return (name) => set.has(name);
  } catch (cause) {
    if (cause instanceof GlobFault) throw new MatcherFault(path, cause.message);
    throw cause;
  }
}

const always: CompiledMatcher = () => true;

function every(matchers: readonly CompiledMatcher[]): CompiledMatcher {
  return (action) => {
    let answer: Match = true;
    for (const matcher of matchers) {
      const one = matcher(action);
      if (one === false) return false;
      if (one !== true) answer = worse(answer, one);
    }
    return answer;
  };
}

function some(matchers: readonly CompiledMatcher[]): CompiledMatcher {
  return (action) => {
    let answer: Match = false;
    for (const matcher of matchers) {
      const one = matcher(action);
      if (one === true) return true;
      if (one !== false) answer = worse(answer, one);
    }
    return answer;
  };
}

function negated(matcher: CompiledMatcher): CompiledMatcher {
  return (action) => {
    const answer = matcher(action);
    return typeof answer === 'boolean' ? !answer : answer;
  };
}

function worse(before: Match, found: 'review' | 'block'): Match {
  return before === 'block' ? before : found;
}

function pathOf(key: ContextKey): readonly string[] {
  return typeof key === 'string' ? key.split('.') : key;
}
