import { RE2JS } from 're2js';
import { parseSchedule, type Schedule } from '../schedule.js';
import { isSqlDialect, readsOnly, type SqlDialect, sqlDialects } from '../sql/reads-only.js';
import type { CelFunction, FunctionAnswer, FunctionTools } from './cel-function.js';
import { domainOf, emailDomain, matchesDomain, parseDomainPattern } from './domains.js';
import { functionFault } from './function-fault.js';
import { historyFunctions } from './history-functions.js';
import { parseNetwork } from './networks.js';
import { isWithin, parseFolder } from './path-within.js';
import { parseZone, zoneFields } from './zone-fields.js';

const timestamp = 'google.protobuf.Timestamp';
const longestPattern = 1_000;

/** Everything that conditions can call beyond what CEL has. */
export function createFunctions(tools: FunctionTools): readonly CelFunction[] {
  return [
    matches(tools),
    ...asciiCase(),
    sum(),
    ...places(tools),
    ...times(),
    ...historyFunctions(tools),
    sql(tools),
  ];
}

/** Linear-time regular expressions in the place of the library's, which backtrack. */
function matches({ work }: FunctionTools): CelFunction {
  const patterns = new Map<string, { pattern: RE2JS; cost: number }>();
  return {
    name: 'matches',
    alias: 'reMatch',
    overloads: {
      'string.reMatch(string): bool': (subject: string, text: string) => {
        const known = patterns.get(text);
        if (known === undefined) throw functionFault('has a pattern that was not compiled at load');
        work.spend(subject.length * known.cost);
        return known.pattern.testExact(subject);
      },
    },
    argument: {
      index: 0,
      noun: 'pattern',
      literal: true,
      check(text) {
        if (text.length > longestPattern) throw new Error(`is longer than ${longestPattern} characters`);
        const pattern = compileExpression(text);
        patterns.set(text, { pattern, cost: costOf(pattern.programSize()) });
      },
    },
  };
}

/** Per character, by measure: large programs leave the processor's caches, and each of their steps takes up to 15 times as long. */
function costOf(size: number): number {
  return size * (1 + (size / 400) ** 2);
}

function compileExpression(text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    throw new Error(`is not a regular expression RE2 takes: ${messageOf(error)}`);
  }
}

/** The library's also change letters outside of ASCII, some of which become ASCII letters. */
function asciiCase(): CelFunction[] {
  return [
    {
      name: 'lowerAscii',
      alias: 'asciiLower',
      overloads: {
        'string.asciiLower(): string': (text: string) => text.replace(/[A-Z]+/g, (run) => run.toLowerCase()),
      },
    },
    {
      name: 'upperAscii',
      alias: 'asciiUpper',
      overloads: {
        'string.asciiUpper(): string': (text: string) => text.replace(/[a-z]+/g, (run) => run.toUpperCase()),
      },
    },
  ];
}

/** Integers stay exact; with decimals among them the sum is a decimal. */
function sum(): CelFunction {
  return {
    name: 'sum',
    overloads: {
      'list.sum(): dyn': (values: readonly unknown[]) => {
        const whole = values.every((value) => typeof value === 'bigint');
        if (whole) return (values as readonly bigint[]).reduce((total, value) => total + value, 0n);
        return values.reduce<number>((total, value) => total + decimalOf(value), 0);
      },
    },
  };
}

function decimalOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw functionFault('adds up what are no numbers');
}

function places({ work }: FunctionTools): CelFunction[] {
  const within = (path: string, folder: string) =>
    guarded(work, path, () => isWithin(path, parseFolder(folder)));
  return [
    {
      name: 'within',
      overloads: {
        'string.within(string): bool': within,
        'string.within(list<string>): bool': (path: string, folders: readonly unknown[]) =>
          folders.map((folder) => within(path, textIn(folder))).includes(true),
      },
      argument: { index: 0, noun: 'folder', literal: false, check: (text) => void parseFolder(text) },
    },
    {
      name: 'domainOf',
      overloads: { 'domainOf(string): string': (url: string) => guarded(work, url, () => domainOf(url)) },
    },
    {
      name: 'emailDomain',
      overloads: {
        'emailDomain(string): string': (address: string) =>
          guarded(work, address, () => emailDomain(address)),
      },
    },
    {
      name: 'matchesDomain',
      overloads: {
        'string.matchesDomain(string): bool': (name: string, pattern: string) =>
          guarded(work, name, () => matchesDomain(name, pattern)),
        'string.matchesDomain(list<string>): bool': (name: string, patterns: readonly unknown[]) =>
          guarded(work, name, () =>
            patterns.map((pattern) => matchesDomain(name, textIn(pattern))).includes(true),
          ),
      },
      argument: { index: 0, noun: 'domain', literal: false, check: (text) => void parseDomainPattern(text) },
    },
    {
      name: 'inCidr',
      overloads: {
        'string.inCidr(string): bool': (address: string, range: string) =>
          guarded(work, address, () => parseNetwork(range).has(address)),
        'string.inCidr(list<string>): bool': (address: string, ranges: readonly unknown[]) =>
          guarded(work, address, () =>
            ranges.map((range) => parseNetwork(textIn(range)).has(address)).includes(true),
          ),
      },
      argument: { index: 0, noun: 'network', literal: false, check: (text) => void parseNetwork(text) },
    },
  ];
}

function times(): CelFunction[] {
  const schedules = new Map<string, Schedule>();
  const during: CelFunction = {
    name: 'during',
    overloads: {
      [`${timestamp}.during(string): bool`]: (at: Date, text: string) => {
        const schedule = schedules.get(text);
        if (schedule === undefined) throw functionFault('has a schedule that was not compiled at load');
        return schedule.includes(at.getTime());
      },
    },
    argument: {
      index: 0,
      noun: 'schedule',
      literal: true,
      check: (text) => void schedules.set(text, parseSchedule(text)),
    },
  };
  return [during, ...[...zoneFields].map(([name, field]) => zoneField(name, field))];
}

function zoneField(name: string, field: (reading: Date) => number): CelFunction {
  const alias = `tz_${name.slice(3)}`;
  const read = (reading: number) => BigInt(field(new Date(reading)));
  return {
    name,
    alias,
    overloads: {
      // Without a zone the library answers in UTC, except for this one.
      ...(name === 'getDayOfYear' && { [`${timestamp}.${alias}(): int`]: (at: Date) => read(at.getTime()) }),
      [`${timestamp}.${alias}(string): int`]: (at: Date, zone: string) =>
        guarded(undefined, zone, () => read(parseZone(zone).read(at.getTime()))),
    },
    argument: { index: 0, noun: 'zone', literal: false, check: (text) => void parseZone(text) },
  };
}

function sql({ work }: FunctionTools): CelFunction {
  const reads = (text: string, dialect: string) => {
    work.spend(text.length * 100);
    return readsOnly(text, parseDialect(dialect));
  };
  return {
    name: 'sqlReadOnly',
    overloads: {
      'sqlReadOnly(string): bool': (text: string) => reads(text, 'postgresql'),
      'sqlReadOnly(string, string): bool': reads,
    },
    argument: { index: 1, noun: 'dialect', literal: true, check: (text) => void parseDialect(text) },
  };
}

function parseDialect(name: string): SqlDialect {
  if (isSqlDialect(name)) return name;
  throw new Error(`is none of ${sqlDialects.map((dialect) => `"${dialect}"`).join(', ')}`);
}

/** Turns what a function throws into a fault that says what is wrong with the value, never the value. */
function guarded<Value extends FunctionAnswer>(
  work: FunctionTools['work'] | undefined,
  subject: string,
  run: () => Value,
): Value {
  work?.spend(subject.length * 20);
  try {
    return run();
  } catch (error) {
    throw functionFault(messageOf(error));
  }
}

function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error('is compared with a list that holds more than texts');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown fault';
}
